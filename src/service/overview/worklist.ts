import {
  type EstateQueries,
  formatFilter,
  Pacer,
  type Plan,
  selectedImages,
  type Tallies,
  talliesOf,
  type UrgentKind,
  urgentCountsOf,
} from '../../findings/index.ts';
import { dayMs } from '../../kernel/index.ts';
import type { Call, Worklist, WorklistGroup } from '../contract/index.ts';
import { endedReleases, scanHealth } from './scan-health.ts';

/** Images of a group that are shown. */
const topImages = 3;
/** Age of a scan beyond which its image is worth another one. */
const staleDays = 30;

/** A group while images are looked at: whether one belongs to it, and what of it can be fixed. */
interface GroupRule {
  readonly key: string;
  /** Selects the same images in lists: what `fixable` below decides, said in the grammar. */
  readonly filter: string;
  /** Findings with a fix; undefined = the image does not belong to the group. */
  fixable(image: number): number | undefined;
}

/** What to do first; each group is what its filter selects, nothing else. Kept with the state of the estate. */
export async function worklist(queries: EstateQueries, call: Call, now: number): Promise<Worklist> {
  const plan = await queries.plan(undefined, call.projects, call.signal);
  const today = now - (now % dayMs);
  const name = `worklist:${today}`;
  const known = plan.notes.get(name) as Worklist | undefined;
  if (known !== undefined) return known;
  const tallies = await talliesOf(plan.snapshot, () => new Pacer());
  const pacer = new Pacer(call.signal);
  const rules = await rulesOf(plan, tallies, today, pacer);
  const groups = await groupsOf(plan, tallies, rules, pacer);
  const made = { groups, scanHealth: await scanHealth(plan, pacer) };
  plan.notes.set(name, made);
  return made;
}

/** The groups in the order of urgency. */
async function rulesOf(plan: Plan, tallies: Tallies, today: number, pacer: Pacer): Promise<readonly GroupRule[]> {
  const { rows } = plan.snapshot.images;
  const urgent = await urgentCountsOf(plan.snapshot, () => new Pacer());
  const all = (image: number): number => tallies.kind(image, 'cve').fixable + tallies.kind(image, 'sca').fixable;
  const findings = (key: string, kind: UrgentKind, test: string): GroupRule => ({
    key,
    filter: `${test} fixable:true handled:false`,
    fixable: (image) => urgent.of(image, kind) || undefined,
  });
  const images = (key: string, filter: string, belongs: (image: number) => boolean): GroupRule => ({
    key,
    filter,
    fixable: (image) => (belongs(image) ? all(image) : undefined),
  });
  // Equal texts have equal numbers: each is compared once.
  const verdicts = (of: (image: number) => number, passes: (image: number) => boolean) => {
    const known = new Map<number, boolean>();
    return (image: number): boolean => {
      const number = of(image);
      const verdict = known.get(number) ?? passes(image);
      known.set(number, verdict);
      return verdict;
    };
  };
  const stateOf = (image: number): number => rows.textNumber('scanState', image);
  const states = (key: string, ...names: readonly string[]): GroupRule =>
    images(
      key,
      `image.scanState:${names.join(',')}`,
      verdicts(stateOf, (image) => names.includes(rows.text('scanState', image) ?? '')),
    );
  const ended = await endedReleases(plan, today, pacer);
  const oldest = today - staleDays * dayMs;
  return [
    findings('kev_fixable', 'kev', 'vuln.kev:true'),
    images('malicious', 'image.hasAlarm:true', (image) => tallies.risks.open(image, 'malicious') > 0),
    findings('critical_fixable', 'critical', 'severity:critical'),
    findings('high_fixable', 'high', 'severity:high'),
    images('sensitive_high', 'image.sensitiveHigh>=1', (image) => tallies.risks.levels(image, 'sensitive').high > 0),
    states('scan_failed', 'failed'),
    states('scan_incomplete', 'partial', 'unsupported', 'too_large'),
    images(
      'end_of_life',
      ended.size === 0 ? '' : formatFilter({ field: 'image.os', op: 'in', values: [...ended].sort() }),
      verdicts(
        (image) => rows.textNumber('osId', image) * 2 ** 24 + rows.textNumber('osVersion', image),
        (image) => ended.has(`${rows.text('osId', image)}:${rows.text('osVersion', image)}`),
      ),
    ),
    states('never_scanned', 'never'),
    images('stale_scan', `image.scanned<=${oldest}`, (image) => {
      const at = rows.number('scannedAt', image);
      return at !== null && at <= oldest;
    }),
  ];
}

async function groupsOf(
  plan: Plan,
  tallies: Tallies,
  rules: readonly GroupRule[],
  pacer: Pacer,
): Promise<readonly WorklistGroup[]> {
  const compare = (a: number, b: number): number => tallies.compare(a, b) || a - b;
  const found = rules.map((rule) => ({ rule, images: 0, fixable: 0, worst: [] as number[] }));
  for (const [index, image] of (await selectedImages(plan, pacer)).entries()) {
    if ((index & 255) === 0 && pacer.due()) await pacer.rest();
    for (const group of found) {
      const fixable = group.rule.fixable(image);
      if (fixable === undefined) continue;
      group.images++;
      group.fixable += fixable;
      const { worst } = group;
      if (worst.length < topImages || compare(image, worst[topImages - 1] as number) < 0) {
        worst.push(image);
        worst.sort(compare).splice(topImages);
      }
    }
  }
  return found
    .filter(({ images }) => images > 0)
    .map(({ rule: { key, filter }, images, fixable, worst }) => {
      return { key, filter, images, fixable, top: worst.map((image) => headOf(plan, image)) };
    });
}

function headOf({ snapshot: { images } }: Plan, image: number): WorklistGroup['top'][number] {
  const repository = images.repositories[images.repository[image] as number];
  const registry = repository && images.registries.get(repository.registryId);
  return {
    uuid: images.rows.uuid(image),
    registry: registry?.name ?? '',
    repository: repository?.path ?? '',
    tag: images.rows.text('tag', image),
    digest: images.rows.digest('digest', image) ?? '',
  };
}
