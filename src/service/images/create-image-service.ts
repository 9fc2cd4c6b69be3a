import { type Filter, Pacer, type Plan, selectedImages, talliesOf } from '../../findings/index.ts';
import { compareText } from '../../kernel/index.ts';
import type { Call, ImageService, ImageView, RepositoryView } from '../contract/index.ts';
import { inScope } from '../project-scope.ts';
import { cutPage, sortedImages } from './image-pages.ts';
import { imageStatistics, sumCounts } from './image-sums.ts';
import { imageView } from './image-view.ts';
import type { ImageServiceDeps } from './ports.ts';

/** Longest tag history that is shown. */
const historyLimit = 1_000;

/** Images and their numbers, answered from the estate index. */
export function createImageService(deps: ImageServiceDeps): ImageService {
  const { queries } = deps;
  const views = async (plan: Pick<Plan, 'snapshot'>, slots: readonly number[]): Promise<ImageView[]> => {
    const tallies = await talliesOf(plan.snapshot, () => new Pacer());
    const ids = slots.flatMap((slot) => plan.snapshot.images.rows.number('manifestId', slot) ?? []);
    const progress = (await deps.progress?.(ids)) ?? new Map<number, number>();
    return slots.map((slot) => imageView(plan, tallies, slot, progress));
  };
  const visible = async (call: Call, uuid: string) => {
    const filter: Filter = { field: 'image.uuid', op: 'in', values: [uuid] };
    const plan = await queries.plan(filter, call.projects, call.signal);
    const [slot] = plan.images;
    return slot === undefined ? null : (plan.snapshot.images.rows.at(slot) ?? null);
  };
  return {
    async page(call, { filter, sort, descending, page }) {
      const plan = await queries.plan(filter, call.projects, call.signal);
      const tallies = await talliesOf(plan.snapshot, () => new Pacer());
      const sorted = await sortedImages(plan, sort ?? 'worst', descending ?? false, tallies, new Pacer(call.signal));
      const { rows, ...rest } = cutPage(sorted, (slot) => plan.snapshot.images.rows.id(slot), page);
      return { rows: await views(plan, rows), ...rest };
    },
    async byUuids(call, uuids) {
      const asked = [...new Set(uuids)];
      const plan = await queries.plan({ field: 'image.uuid', op: 'in', values: asked }, call.projects, call.signal);
      const { byUuid } = plan.snapshot.images;
      const slots = asked.flatMap((uuid) => {
        const slot = byUuid.get(uuid);
        return slot !== undefined && plan.position(slot) >= 0 ? [slot] : [];
      });
      return views(plan, slots);
    },
    async byDigest(call, digest, limit) {
      const plan = await queries.plan(
        { field: 'image.digest', op: 'in', values: [digest] },
        call.projects,
        call.signal,
      );
      const { current } = plan.snapshot.images;
      const slots = [...plan.images].sort((a, b) => (current[b] as number) - (current[a] as number) || b - a);
      return views(plan, slots.slice(0, limit));
    },
    async repositories(call, { filter, page }) {
      const plan = await queries.plan(filter, call.projects, call.signal);
      const all = await repositoryViews(plan, call, filter === undefined);
      const slots = all.map((_, index) => index);
      const { rows, ...rest } = cutPage(slots, (index) => all[index]?.id ?? 0, page);
      return { rows: rows.map((index) => all[index] as RepositoryView), ...rest };
    },
    async securityCounts(call, filter, handled) {
      const plan = await queries.plan(filter, call.projects, call.signal);
      const tallies = await talliesOf(plan.snapshot, () => new Pacer());
      return sumCounts(plan, tallies, handled, new Pacer(call.signal));
    },
    async statistics(call, filter) {
      const plan = await queries.plan(filter, call.projects, call.signal);
      const tallies = await talliesOf(plan.snapshot, () => new Pacer());
      return imageStatistics(plan, tallies, new Pacer(call.signal));
    },
    async report(call, uuid) {
      const image = await visible(call, uuid);
      return image === null ? null : deps.report(image);
    },
    async tagHistory(call, uuid) {
      const image = await visible(call, uuid);
      if (image === null || image.tag === null) return [];
      return deps.tags.tagHistory(image.repositoryId, image.tag, historyLimit);
    },
  };
}

/** Repositories with sums over their selected images, by path. `all`: those without images too. */
async function repositoryViews(plan: Plan, call: Call, all: boolean): Promise<RepositoryView[]> {
  const pacer = new Pacer(call.signal);
  const { images } = plan.snapshot;
  const tallies = await talliesOf(plan.snapshot, () => new Pacer());
  const sums = images.repositories.map(() => ({
    images: 0,
    imagesAtRisk: 0,
    vulnerabilities: 0,
    baseline: 0,
    alarms: 0,
  }));
  for (const [index, image] of (await selectedImages(plan, pacer)).entries()) {
    const sum = sums[images.repository[image] as number];
    if (sum === undefined) continue;
    const total = tallies.total(image);
    sum.images++;
    sum.vulnerabilities += total;
    sum.baseline += tallies.risks.open(image, 'baseline');
    sum.alarms += tallies.risks.open(image, 'malicious');
    if (total + tallies.risks.total(image) > 0) sum.imagesAtRisk++;
    if ((index & 4095) === 0 && pacer.due()) await pacer.rest();
  }
  const views = images.repositories.flatMap((repository, slot): RepositoryView[] => {
    const registry = images.registries.get(repository.registryId);
    const sum = sums[slot];
    const allowed = inScope(call.projects, repository.projectId);
    if (registry === undefined || sum === undefined || !allowed || (sum.images === 0 && !all)) return [];
    return [{ ...repository, registry, ...sum }];
  });
  return views.sort((a, b) => compareText(a.path, b.path) || a.id - b.id);
}
