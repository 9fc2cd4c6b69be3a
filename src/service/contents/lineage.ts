import { Pacer, type Plan } from '../../findings/index.ts';
import type { Call, FixTask, ImageHead, ImageView, Lineage, LineageFix } from '../contract/index.ts';
import type { ContentDeps } from './ports.ts';

/** Fixes of one image that are shown. */
const maxFixes = 100;
/** Images on the same base that are named. */
const maxSameBase = 20;

/** Where an image comes from, and what came of it. */
export async function lineageOf(deps: ContentDeps, call: Call, image: ImageView): Promise<Lineage> {
  const scanned = await deps.store.scannedImage(image.manifestId);
  const base = scanned?.base ?? null;
  const baseLayers = new Set(scanned?.layers.flatMap((layer) => (layer.base === true ? [layer.digest] : [])) ?? []);
  const [baseImage] = base?.digest ? await deps.images.byDigest(call, base.digest, 1) : [];
  return {
    origin: await originOf(deps, call, image),
    fixes: await fixesOf(deps, call, image.uuid),
    base: base && { ...base, image: baseImage ? headOf(baseImage) : null },
    sameBase: await sameBase(deps, call, image, baseLayers),
    tag: await tagOf(deps, call, image),
  };
}

function headOf(image: ImageView): ImageHead {
  const { uuid, registry, repository, tag, digest, until } = image;
  return { uuid, registry: registry.name, repository: repository.path, tag, digest, current: until === null };
}

async function originOf(deps: ContentDeps, call: Call, image: ImageView): Promise<Lineage['origin']> {
  if (image.fixedFrom === null) return null;
  const [origin] = await deps.images.byUuids(call, [image.fixedFrom]);
  if (origin === undefined) return { uuid: image.fixedFrom, image: null, fix: null };
  const { rows } = await deps.fixes.page(call, { imageUuid: origin.uuid, page: { offset: 0, limit: maxFixes } });
  const made = rows.find(({ newImageUuid }) => newImageUuid === image.uuid);
  return { uuid: origin.uuid, image: headOf(origin), fix: made ? fixOf(made, headOf(image)) : null };
}

async function fixesOf(deps: ContentDeps, call: Call, uuid: string): Promise<readonly LineageFix[]> {
  const { rows } = await deps.fixes.page(call, { imageUuid: uuid, page: { offset: 0, limit: maxFixes } });
  const made = rows.flatMap(({ newImageUuid }) => newImageUuid ?? []);
  const images = new Map((await deps.images.byUuids(call, made)).map((image) => [image.uuid, headOf(image)]));
  return rows.map((task) => fixOf(task, images.get(task.newImageUuid ?? '') ?? null));
}

function fixOf(task: FixTask, newImage: ImageHead | null): LineageFix {
  const { id, status, stage, newTag, createdAt, finishedAt } = task;
  return { id, status, stage, newTag, newImage, createdAt, finishedAt };
}

async function tagOf(deps: ContentDeps, call: Call, image: ImageView): Promise<Lineage['tag']> {
  if (image.tag === null) return null;
  if (image.until === null) return { name: image.tag, moved: false, now: null };
  const [newest] = await deps.images.tagHistory(call, image.uuid);
  if (newest === undefined) return { name: image.tag, moved: true, now: null };
  const { digest, at } = newest;
  const there = digest === null ? [] : await deps.images.byDigest(call, digest, 50);
  const same = there.find(({ repository, tag }) => repository.id === image.repository.id && tag === image.tag);
  return { name: image.tag, moved: true, now: { digest, image: same ? headOf(same) : null, at } };
}

/** Current images that have the same packages from the topmost layer of the base that brings any. */
async function sameBase(
  deps: ContentDeps,
  call: Call,
  image: ImageView,
  baseLayers: ReadonlySet<string>,
): Promise<Lineage['sameBase']> {
  if (baseLayers.size === 0) return { total: 0, items: [] };
  const plan = await deps.queries.plan(undefined, call.projects, call.signal);
  const shared = sharedSet(plan, image.manifestId, baseLayers);
  if (shared === null) return { total: 0, items: [] };
  const { contents, images } = plan.snapshot;
  const pacer = new Pacer(call.signal);
  const uuids: string[] = [];
  let total = 0;
  for (const content of contents.ofSet.row(shared.set)) {
    if (pacer.due()) await pacer.rest();
    if (!holds(plan, content, shared)) continue;
    for (const slot of images.ofContent.row(content)) {
      if (plan.position(slot) < 0 || images.rows.number('manifestId', slot) === image.manifestId) continue;
      total++;
      if (uuids.length < maxSameBase) uuids.push(images.rows.uuid(slot));
    }
  }
  return { total, items: (await deps.images.byUuids(call, uuids)).map(headOf) };
}

interface SharedSet {
  readonly set: number;
  readonly layer: string;
}

function sharedSet({ snapshot }: Plan, manifestId: number, baseLayers: ReadonlySet<string>): SharedSet | null {
  const { contents } = snapshot;
  const content = contents.byManifest.get(manifestId);
  if (content === undefined) return null;
  const order = [...baseLayers];
  const sets = contents.sets.row(content);
  let best: SharedSet | null = null;
  for (const [at, evidence] of contents.evidence.row(content).entries()) {
    const layer = contents.evidenceFacts.at(evidence)?.layer ?? '';
    const set = sets[at];
    if (set === undefined || !baseLayers.has(layer)) continue;
    if (best === null || order.indexOf(layer) > order.indexOf(best.layer)) best = { set, layer };
  }
  return best;
}

function holds({ snapshot: { contents } }: Plan, content: number, { set, layer }: SharedSet): boolean {
  const evidence = contents.evidence.row(content);
  for (const [at, own] of contents.sets.row(content).entries()) {
    if (own === set && contents.evidenceFacts.at(evidence[at] as number)?.layer === layer) return true;
  }
  return false;
}
