import type { Command } from 'commander';
import type { PackageScope } from '../../ecosystems/index.ts';
import { type ScannerName, scannerNames } from '../../findings/index.ts';
import type { Platform } from '../../image/index.ts';
import { UsageError } from '../output/errors.ts';
import { type ProgressView, parseProgressMode, showProgress } from '../output/progress.ts';
import type { Terminal } from '../output/terminal.ts';

/** What may stand for an image where a report is wanted. */
export const referenceHelp =
  'registry/repo:tag, …@digest, oci:DIR[:TAG], archive:FILE, dir:ROOTFS, sbom:FILE, or report:FILE (a saved -o json)';

/** Options that say what is read of an image, as commander hands them over. */
export interface SourceOptions {
  readonly platform?: readonly string[];
  readonly verifyDiffIds?: boolean;
  readonly include?: string;
  readonly scanners?: string;
  readonly baselinePolicy?: string;
}

/** Options of progress, as commander hands them over. */
export interface ProgressOptions {
  readonly quiet?: boolean;
  readonly progress: string;
}

/** What is read of every image. */
export interface SourceChoice {
  readonly platforms: readonly Platform[] | 'all' | undefined;
  readonly verifyDiffIds: boolean;
  readonly include: readonly PackageScope[];
  readonly scanners: readonly ScannerName[];
  readonly baselinePolicy?: string;
}

/** Gathers the values of an option that may be repeated. */
export const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

/** Adds the options that say what is read of an image. */
export function addSourceOptions(command: Command): Command {
  return command
    .optionsGroup('What to scan:')
    .option('--platform <os/arch>', "platform of an index, repeatable, or all (default: this machine's)", collect)
    .option('--verify-diff-ids', 'also compare the unpacked content of every layer with the image config')
    .option(
      '--include <scopes>',
      'also judge packages that are only for development (dev), in lock files (declared) or in deleted files (removed)',
    )
    .option('--scanners <names>', 'what to look for: vuln, baseline, malware, secret, or all (default: vuln)')
    .option(
      '--baseline-policy <policy>',
      'default, normal, full, or a policy file (docs/howto/write-a-baseline-policy.md)',
    );
}

/** Adds the options of progress and colour, the last of every help text. */
export function addProgressOptions(command: Command): Command {
  return command
    .option('-q, --quiet', 'no progress')
    .option('--progress <mode>', 'auto, plain, tty, json or none', 'auto')
    .option('--no-color', 'no colour');
}

/** The choice behind the options. @throws UsageError */
export async function parseSource(options: SourceOptions): Promise<SourceChoice> {
  const { parsePlatforms } = await import('../platforms.ts');
  return {
    platforms: parsePlatforms(options.platform),
    verifyDiffIds: options.verifyDiffIds ?? false,
    include: parseInclude(options.include),
    ...parseScanners(options),
  };
}

const scopes: readonly PackageScope[] = ['dev', 'declared', 'removed'];

/** The scopes after `--include`; what is installed always counts. @throws UsageError */
export function parseInclude(text: string | undefined): readonly PackageScope[] {
  const words = (text ?? '').split(',').filter((word) => word !== '' && word !== 'installed');
  const unknown = words.find((word) => !scopes.some((scope) => scope === word));
  if (unknown !== undefined) {
    throw new UsageError(`--include: unknown scope "${unknown}"`, `Known are ${scopes.join(', ')}.`);
  }
  return ['installed', ...scopes.filter((scope) => words.includes(scope))];
}

/** The scanners after `--scanners`, in their order, and the policy of the baseline. @throws UsageError */
export function parseScanners({
  scanners: text,
  baselinePolicy,
}: Pick<SourceOptions, 'scanners' | 'baselinePolicy'>): Pick<SourceChoice, 'scanners' | 'baselinePolicy'> {
  const words = (text ?? 'vuln').split(',').filter((word) => word !== '');
  const unknown = words.find((word) => word !== 'all' && !scannerNames.some((name) => name === word));
  if (unknown !== undefined || words.length === 0) {
    const what = unknown === undefined ? 'it names none' : `unknown scanner "${unknown}"`;
    throw new UsageError(`--scanners: ${what}`, `Known are ${scannerNames.join(', ')}, and all.`);
  }
  const scanners = scannerNames.filter((name) => words.includes('all') || words.includes(name));
  if (baselinePolicy === undefined) return { scanners };
  if (!scanners.includes('baseline')) {
    throw new UsageError('--baseline-policy without the scanner baseline', 'Add --scanners vuln,baseline or all.');
  }
  return { scanners, baselinePolicy };
}

/** Whether more than one report may come of it. */
export function severalReports(references: readonly string[], { platforms }: SourceChoice): boolean {
  return references.length > 1 || platforms === 'all' || (platforms !== undefined && platforms.length > 1);
}

/** A scan takes seconds: outside a terminal it is quiet unless progress was asked for. */
export function openProgress(options: ProgressOptions, { stderr }: Terminal): ProgressView {
  const mode = parseProgressMode(options.progress);
  return showProgress(mode === 'auto' && stderr.isTTY !== true ? 'none' : mode, stderr, options.quiet === true);
}
