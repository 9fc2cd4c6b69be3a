import type { Fixer, FixFinding } from '../ecosystems/index.ts';
import { type ScanReport, type VulnerabilityFinding, vulnerabilitiesIn } from '../findings/index.ts';
import { type ImageHandle, type OpenedImageView, openImageView } from '../image/index.ts';
import { type Diagnostic, noProgress } from '../kernel/index.ts';
import type { FixDeps, OwnResult } from './contract.ts';
import { belowTop } from './own-layer.ts';
import { type Grain, toFixFinding } from './select.ts';

/** The file system that a plan stands on: the image, or the image without our earlier layer. */
export interface Ground {
  readonly base: ImageHandle;
  /** Set when our earlier layer lies above and is replaced. */
  readonly replaces: OwnResult | undefined;
  readonly view: OpenedImageView;
  readonly fixer: Fixer;
  /** Requested findings, and those that the replaced layer had repaired. */
  readonly findings: readonly FixFinding[];
  /**
   * Packages that the replaced layer had changed, with their present version: the new layer must bring each again,
   * in that version or a higher one.
   */
  readonly keep: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Why nothing can be written into this image. */
export interface NoGround {
  readonly unsupported: string;
}

/** Everything that decides about the grounds of one platform. */
export interface GroundInput {
  readonly image: ImageHandle;
  readonly before: ScanReport;
  readonly grains: readonly Grain[];
}

/** The ground of the image as it is. */
export async function openGround(input: GroundInput, deps: FixDeps, signal: AbortSignal): Promise<Ground | NoGround> {
  const opened = await openSupported(input.image, deps, signal);
  if ('unsupported' in opened) return opened;
  const findings = input.grains.flatMap((grain) => grain.findings);
  return { ...opened, base: input.image, replaces: undefined, findings, keep: new Map() };
}

/**
 * The ground below our earlier layer. The findings to repair are those asked for, in the versions found there, and
 * all that our layer had repaired, so that replacing it loses nothing.
 */
export async function openGroundBelow(
  input: GroundInput,
  replaces: OwnResult,
  deps: FixDeps,
  signal: AbortSignal,
): Promise<Ground | NoGround> {
  const base = belowTop(input.image);
  const below = await deps.scan(base, signal, noProgress);
  const opened = await openSupported(base, deps, signal);
  if ('unsupported' in opened) return opened;
  const packages = new Map(below.packages.map((entry) => [entry.purl, entry]));
  const keyOf = (finding: FixFinding): string => JSON.stringify([finding.id, finding.package, finding.arch]);
  const present = new Set(osFindings(input.before).map((finding) => keyOf(convert(input.before, finding))));
  const requested = new Map(input.grains.flatMap((grain) => grain.findings.map((f) => [keyOf(f), f] as const)));
  const carried: FixFinding[] = [];
  for (const finding of osFindings(below)) {
    const found = toFixFinding(finding, packages.get(finding.package));
    const key = keyOf(found);
    if (requested.has(key)) requested.set(key, found);
    else if (!present.has(key) && finding.state === 'fixed') carried.push(found);
  }
  return {
    ...opened,
    base,
    replaces,
    findings: [...requested.values(), ...carried],
    keep: changed(below, input.before),
  };
}

/** Operating-system findings; the fix engine knows no others. */
function osFindings(report: ScanReport): readonly VulnerabilityFinding[] {
  return vulnerabilitiesIn(report).filter((finding) => finding.kind === 'cve');
}

function convert(report: ScanReport, finding: VulnerabilityFinding): FixFinding {
  return toFixFinding(
    finding,
    report.packages.find((entry) => entry.purl === finding.package),
  );
}

function changed(below: ScanReport, now: ScanReport): ReadonlyMap<string, string> {
  const old = new Set(below.packages.map((entry) => `${entry.name}\0${entry.arch}\0${entry.version}`));
  const differs = now.packages.filter((entry) => !old.has(`${entry.name}\0${entry.arch}\0${entry.version}`));
  return new Map(differs.map((entry) => [entry.name, entry.version]));
}

async function openSupported(
  base: ImageHandle,
  deps: FixDeps,
  signal: AbortSignal,
): Promise<Pick<Ground, 'view' | 'fixer' | 'diagnostics'> | NoGround> {
  const foreign = base.layers.find((layer) => layer.foreign);
  if (foreign) return { unsupported: `layer ${foreign.descriptor.digest} is not in the registry (foreign layer)` };
  const view = await openImageView(base, {
    interest: (path) => deps.fixers.some((fixer) => fixer.interest(path)),
    signal,
    computeDiffId: true,
    onBytes: (done) => deps.progress({ kind: 'progress', step: 'inspect', done, unit: 'bytes' }),
  });
  let reason = 'no package database that this engine can write';
  for (const fixer of deps.fixers) {
    const verdict = fixer.inspect(view);
    if (verdict.supported) return { view, fixer, diagnostics: [...view.diagnostics, ...verdict.diagnostics] };
    reason = verdict.detail;
  }
  return { unsupported: reason };
}
