import type { SeverityLevel } from '../advisories/index.ts';
import type { AttachedDocument, FixRequest, FixSelection, FixStrategy, OverwritePolicy } from '../fix/index.ts';
import { UsageError } from './output/errors.ts';
import { parsePlatforms } from './platforms.ts';

/** The options of `drydock fix` as commander hands them over. */
export interface FixOptions {
  readonly cve?: readonly string[];
  readonly package?: readonly string[];
  readonly severity?: string;
  readonly allFixable?: boolean;
  readonly pin?: readonly string[];
  readonly tag?: string;
  readonly tagSuffix?: string;
  readonly output?: string;
  readonly overwrite: string;
  readonly plan?: boolean;
  readonly platform?: readonly string[];
  readonly strategy?: string;
  readonly gate: string;
  readonly attach: string;
  readonly requireAttach?: boolean;
  readonly signKey?: string;
  readonly format?: readonly string[];
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly progress: string;
  readonly color?: boolean;
}

const levels: readonly SeverityLevel[] = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'];
const documents: readonly AttachedDocument[] = ['sbom', 'vex', 'provenance'];

/** The engine's request for what the user typed. @throws UsageError */
export function parseFixRequest(reference: string, options: FixOptions): FixRequest {
  const selection = parseSelection(options);
  const fallback: FixStrategy = selection.kind === 'ids' ? 'all-or-nothing' : 'best-effort';
  const strategies: readonly FixStrategy[] = ['best-effort', 'all-or-nothing'];
  const policies: readonly OverwritePolicy[] = ['never', 'ours', 'always'];
  return {
    reference,
    selection,
    target: parseTarget(options),
    output: options.output,
    platforms: parsePlatforms(options.platform),
    strategy: oneOf('--strategy', options.strategy ?? fallback, strategies),
    overwrite: oneOf('--overwrite', options.overwrite, policies),
    gate: oneOf('--gate', options.gate, levels),
    pinned: new Set(list(options.pin)),
    attach: options.attach === 'none' ? [] : manyOf('--attach', options.attach, documents),
    attachPolicy: options.requireAttach === true ? 'required' : 'best-effort',
    planOnly: options.plan === true,
  };
}

function parseSelection(options: FixOptions): FixSelection {
  const given: FixSelection[] = [];
  if (options.cve) given.push({ kind: 'ids', ids: list(options.cve) });
  if (options.package) given.push({ kind: 'packages', names: list(options.package) });
  if (options.severity !== undefined) {
    given.push({ kind: 'severities', levels: manyOf('--severity', options.severity, levels) });
  }
  if (options.allFixable) given.push({ kind: 'all-fixable' });
  const [first] = given;
  if (first && given.length === 1) return first;
  const message = first ? 'choose one of --cve, --package, --severity and --all-fixable' : 'say what to fix';
  throw new UsageError(message, 'For example --all-fixable, or --cve CVE-2024-0001.');
}

function parseTarget(options: FixOptions): FixRequest['target'] {
  if (options.tag !== undefined && options.tagSuffix === undefined) return { tag: options.tag };
  if (options.tagSuffix !== undefined && options.tag === undefined) return { suffix: options.tagSuffix };
  if (options.plan && options.tag === undefined) return { suffix: '-fixed' };
  throw new UsageError(
    'say how to name the result: --tag TAG or --tag-suffix SUFFIX',
    'For example --tag-suffix -fixed.',
  );
}

/** Repeated options and comma-separated values mean the same. */
function list(values: readonly string[] | undefined): readonly string[] {
  return (values ?? []).flatMap((value) => value.split(',')).filter((value) => value !== '');
}

function manyOf<T extends string>(option: string, text: string, known: readonly T[]): readonly T[] {
  const values = list([text]).map((value) => oneOf(option, value, known));
  if (values.length === 0) throw new UsageError(`${option} names nothing`, `Known are ${known.join(', ')}.`);
  return values;
}

function oneOf<T extends string>(option: string, text: string, known: readonly T[]): T {
  const value = known.find((candidate) => candidate === text);
  if (value !== undefined) return value;
  throw new UsageError(`${option} does not know ${JSON.stringify(text)}`, `Use one of ${known.join(', ')}.`);
}
