import {
  comparePackages,
  type FixReport,
  isCounted,
  type ScanReport,
  type VulnerabilityFinding,
  versionsOf,
  vulnerabilitiesIn,
} from '../../findings/index.ts';
import { compareText } from '../../kernel/index.ts';
import type { Call, DifferenceFinding, FixDifference, FixTask, ImageConfigView, ImageView } from '../contract/index.ts';
import { outcomesById, outcomeTotals } from '../fixes/outcomes-by-id.ts';
import { shownConfig } from './describe-config.ts';
import type { ContentDeps } from './ports.ts';

/** What a fix changed; null before there is a report, and for foreign fixes. */
export async function differenceOf(deps: ContentDeps, call: Call, fixId: string): Promise<FixDifference | null> {
  const task = await deps.fixes.get(call, fixId);
  const report = task && ((await deps.fixes.report(call, fixId)) as FixReport | null);
  if (!task || !report) return null;
  const uuids = [task.imageUuid, ...(task.newImageUuid === null ? [] : [task.newImageUuid])];
  const images = new Map((await deps.images.byUuids(call, uuids)).map((image) => [image.uuid, image]));
  const [old, made] = [images.get(task.imageUuid), images.get(task.newImageUuid ?? '')];
  const [before, after] = await Promise.all([scanOf(deps, call, old), scanOf(deps, call, made)]);
  const configs = await Promise.all([configOf(deps, old), configOf(deps, made)]);
  const outcomes = outcomesById(report.outcomes, before ? [before] : []);
  return {
    fixId: task.id,
    status: task.status,
    before: { imageUuid: task.imageUuid, digest: old?.digest ?? report.source.digest, size: old?.size ?? null },
    after: afterOf(task, report, made),
    outcomes,
    totals: outcomeTotals(outcomes),
    packages: packagesOf(report, before, after),
    vulnerabilities: before && after ? vulnerabilitiesOf(before, after) : null,
    counts: report.counts,
    layers: before && after ? layersOf(before, after) : null,
    config: configs[0] && configs[1] ? { changed: changedKeys(configs[0], configs[1]) } : null,
  };
}

async function scanOf(deps: ContentDeps, call: Call, image: ImageView | undefined): Promise<ScanReport | null> {
  return image === undefined ? null : ((await deps.images.report(call, image.uuid)) as ScanReport | null);
}

async function configOf({ store }: ContentDeps, image: ImageView | undefined): Promise<ImageConfigView | null> {
  const kept = image && (await store.config(image.manifestId));
  return kept ? shownConfig(kept) : null;
}

function afterOf(task: FixTask, report: FixReport, made: ImageView | undefined): FixDifference['after'] {
  if (report.result === null) return null;
  return { imageUuid: task.newImageUuid, digest: made?.digest ?? report.result.digest, size: made?.size ?? null };
}

/** By the scans of both images where there are two, else what the fix says it did. */
function packagesOf(report: FixReport, before: ScanReport | null, after: ScanReport | null): FixDifference['packages'] {
  if (!before || !after) {
    return report.result === null ? [] : report.upgrades.map(({ name, from, to }) => ({ name, from, to }));
  }
  const { added, removed, changed } = comparePackages(versionsOf(before), versionsOf(after));
  return [...added, ...removed, ...changed]
    .map((one) => ({ name: one.name, from: one.before.join(', ') || null, to: one.after.join(', ') || null }))
    .sort((a, b) => compareText(a.name, b.name));
}

function vulnerabilitiesOf(before: ScanReport, after: ScanReport): FixDifference['vulnerabilities'] {
  const [old, now] = [countedIn(before), countedIn(after)];
  return {
    gone: [...old].flatMap(([key, finding]) => (now.has(key) ? [] : [finding])),
    remaining: [...now].flatMap(([key, finding]) => (old.has(key) ? [finding] : [])),
    new: [...now].flatMap(([key, finding]) => (old.has(key) ? [] : [finding])),
  };
}

/** Counted vulnerabilities by id and package name, in the order of the report. */
function countedIn(report: ScanReport): ReadonlyMap<string, DifferenceFinding> {
  const names = new Map(report.packages.map(({ purl, name }) => [purl, name]));
  const found = new Map<string, DifferenceFinding>();
  for (const finding of vulnerabilitiesIn(report)) {
    if (!isCounted(finding)) continue;
    const shown = describe(finding, names.get(finding.package) ?? finding.package);
    found.set(`${shown.id} ${shown.package}`, shown);
  }
  return found;
}

function describe({ id, installedVersion, severity, state }: VulnerabilityFinding, name: string): DifferenceFinding {
  return { id, package: name, version: installedVersion, severity: severity.level, fixable: state === 'fixed' };
}

function layersOf(before: ScanReport, after: ScanReport): FixDifference['layers'] {
  const [old, now] = [before.image.layers, after.image.layers];
  const known = new Set(old.map(({ digest }) => digest));
  const left = new Set(now.map(({ digest }) => digest));
  const shown = ({ digest, size }: { digest: string; size: number }) => ({ digest, size });
  return {
    kept: now.filter(({ digest }) => known.has(digest)).length,
    added: now.filter(({ digest }) => !known.has(digest)).map(shown),
    removed: old.filter(({ digest }) => !left.has(digest)).map(shown),
  };
}

/** Names in the config of what is shown of it. */
const configKeys: Readonly<Partial<Record<keyof ImageConfigView, string>>> = {
  ...{ created: 'created', author: 'author', architecture: 'architecture', os: 'os', variant: 'variant' },
  ...{ user: 'User', workingDir: 'WorkingDir', stopSignal: 'StopSignal', entrypoint: 'Entrypoint', cmd: 'Cmd' },
  ...{ env: 'Env', labels: 'Labels', exposedPorts: 'ExposedPorts', volumes: 'Volumes', healthcheck: 'Healthcheck' },
  history: 'history',
};

function changedKeys(before: ImageConfigView, after: ImageConfigView): readonly string[] {
  return Object.entries(configKeys)
    .filter(([key]) => {
      const name = key as keyof ImageConfigView;
      return JSON.stringify(before[name]) !== JSON.stringify(after[name]);
    })
    .map(([, name]) => name)
    .sort();
}
