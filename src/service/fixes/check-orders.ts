import { createHash } from 'node:crypto';
import type { Call, FindingView, FixOrder, FixTask, ImageView, VulnerabilityHead } from '../contract/index.ts';
import { ServiceError } from '../errors.ts';
import type { NewFixTask, OrderCheckDeps, StoredSelection } from './ports.ts';
import { derivedTag, isTargetTag } from './target-tag.ts';

/** Ours (alibaba-operations.md §3.1). */
const mostOrders = 100;
const mostIds = 10_000;

/** What an order asks for, resolved against the findings of its image. */
interface Request {
  readonly selection: StoredSelection;
  readonly requested: readonly string[];
  readonly recordIds: readonly number[];
  readonly title: string;
}

/**
 * Resolves and checks all orders; nothing is stored. Foreign and missing images and ids are told in the same words.
 * @throws ServiceError `invalid_order` with the first field that is wrong
 */
export async function checkOrders(
  deps: OrderCheckDeps,
  call: Call,
  orders: readonly FixOrder[],
  trigger: FixTask['trigger'],
): Promise<readonly NewFixTask[]> {
  if (orders.length === 0) throw refusal('orders', 'nothing was ordered');
  if (orders.length > mostOrders) throw refusal('orders', `more than ${mostOrders} images in one order`);
  const images = await deps.images.byUuids(call, [...new Set(orders.map(({ imageUuid }) => imageUuid))]);
  const byUuid = new Map(images.map((image) => [image.uuid, image]));
  const records = await recordsOf(deps, call, orders);
  const tasks: NewFixTask[] = [];
  for (const order of orders) {
    const image = byUuid.get(order.imageUuid);
    if (!image) throw refusal('imageUuid', 'there is no such image');
    const request = await requestOf(deps, call, order, records);
    tasks.push(await taskOf(deps, call, { order, image, request, trigger }, tasks));
  }
  return tasks;
}

/** All records of all orders, read at once. */
async function recordsOf(
  deps: OrderCheckDeps,
  call: Call,
  orders: readonly FixOrder[],
): Promise<ReadonlyMap<number, FindingView>> {
  const ids = new Set<number>();
  for (const { select } of orders) {
    if (select === 'all-fixable' || !('records' in select)) continue;
    if (select.records.length > mostIds) throw refusal('ids', `more than ${mostIds} ids for one image`);
    for (const id of select.records) ids.add(id);
  }
  if (ids.size === 0) return new Map();
  const views = await deps.findings.records(call, [...ids]);
  return new Map(views.map((view) => [view.recordId, view]));
}

async function requestOf(
  deps: OrderCheckDeps,
  call: Call,
  order: FixOrder,
  records: ReadonlyMap<number, FindingView>,
): Promise<Request> {
  const { select, imageUuid } = order;
  if (select === 'all-fixable') return allFixable(deps, call, imageUuid);
  if ('records' in select) return namedRecords(select.records, imageUuid, records);
  const ids = [...new Set(select.vulnerabilities)].sort();
  if (ids.length === 0 || ids.length > mostIds) throw refusal('ids', `1 to ${mostIds} vulnerabilities can be ordered`);
  if (ids.some((id) => id.length === 0 || id.length > 200)) throw refusal('ids', 'not an id of a vulnerability');
  const views = await viewsOf(deps, call, imageUuid, ids);
  return {
    selection: { kind: 'ids', ids },
    requested: ids,
    recordIds: views.map(({ recordId }) => recordId),
    title: mostUrgent(views)?.vulnerability.title ?? ids[0] ?? '',
  };
}

/** One text for ids that do not exist, are of another image, or belong to somebody else. */
function namedRecords(
  recordIds: readonly number[],
  imageUuid: string,
  records: ReadonlyMap<number, FindingView>,
): Request {
  const ids = [...new Set(recordIds)].sort((a, b) => a - b);
  const views = ids.map((id) => records.get(id));
  const wrong = (view: FindingView | undefined): boolean =>
    view === undefined || view.imageUuid !== imageUuid || view.vulnerability.kind !== 'cve';
  if (ids.length === 0 || views.some(wrong)) throw refusal('ids', 'an id is not that of a finding of the image');
  const found = views.filter((view) => view !== undefined);
  if (found.some(({ handled, vulnerability }) => handled !== null || !vulnerability.fixable)) {
    throw refusal('ids', 'an id is that of a finding that is handled or has no published fix');
  }
  const requested = [...new Set(found.map(({ vulnerability }) => vulnerability.id))].sort();
  return {
    selection: { kind: 'ids', ids: requested },
    requested,
    recordIds: ids,
    title: mostUrgent(found)?.vulnerability.title ?? '',
  };
}

async function allFixable(deps: OrderCheckDeps, call: Call, imageUuid: string): Promise<Request> {
  const views = await viewsOf(deps, call, imageUuid, null);
  return {
    selection: { kind: 'all-fixable' },
    requested: [...new Set(views.map(({ vulnerability }) => vulnerability.id))].sort(),
    recordIds: views.map(({ recordId }) => recordId).sort((a, b) => a - b),
    title: mostUrgent(views)?.vulnerability.title ?? 'all fixable vulnerabilities',
  };
}

/** Open records of operating-system packages of one image: the named ones, or all that have a fix. */
async function viewsOf(
  deps: OrderCheckDeps,
  call: Call,
  imageUuid: string,
  ids: readonly string[] | null,
): Promise<readonly FindingView[]> {
  const views: FindingView[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof deps.findings.page>> = await deps.findings.page(call, {
      grain: 'record',
      filter: {
        and: [
          { field: 'image.uuid', op: 'in', values: [imageUuid] },
          { field: 'kind', op: 'in', values: ['cve'] },
          { field: 'handled', op: 'is', value: false },
          ids === null ? { field: 'fixable', op: 'is', value: true } : { field: 'vuln.id', op: 'in', values: ids },
        ],
      },
      page: { after, limit: 1_000 },
    });
    views.push(...page.rows);
    after = page.next;
  } while (after !== null && views.length < mostIds);
  return views;
}

async function taskOf(
  deps: OrderCheckDeps,
  call: Call,
  input: { order: FixOrder; image: ImageView; request: Request; trigger: FixTask['trigger'] },
  before: readonly NewFixTask[],
): Promise<NewFixTask> {
  const { order, image, request, trigger } = input;
  const at = deps.clock.now().getTime();
  const dedupeKey = keyOf(order, image, request);
  const [known] = (await deps.store.existing([dedupeKey])).values();
  const repeated = known ?? before.find((task) => task.dedupeKey === dedupeKey);
  const newTag = repeated?.newTag ?? (await tagOf(deps, order, image, at, before));
  return {
    id: `ivf-${deps.newId()}`,
    projectId: image.repository.projectId,
    imageId: image.id,
    imageUuid: image.uuid,
    repositoryId: image.repository.id,
    digest: image.digest,
    newTag,
    strategy: order.strategy,
    ...request,
    requestId: call.actor.requestId,
    trigger,
    actor: call.actor.name,
    dedupeKey,
    at,
  };
}

/** The tag asked for, checked, or one that is free. */
async function tagOf(
  deps: OrderCheckDeps,
  { newTag }: FixOrder,
  image: ImageView,
  at: number,
  before: readonly NewFixTask[],
): Promise<string> {
  const repositoryId = image.repository.id;
  const taken = async (tag: string): Promise<boolean> =>
    before.some((task) => task.repositoryId === repositoryId && task.newTag === tag) ||
    (await deps.store.tagExists(repositoryId, tag));
  if (newTag === undefined) {
    for (let ms = at; ; ms++) {
      const tag = derivedTag(image, ms);
      if (!(await taken(tag))) return tag;
    }
  }
  if (!isTargetTag(newTag))
    throw refusal('newTag', 'not a tag: 1 to 128 letters, digits, dots, dashes and underscores');
  if (newTag === image.tag) throw refusal('newTag', 'the new tag is that of the image itself');
  if (await taken(newTag)) throw refusal('newTag', `the repository has a tag ${newTag} already`);
  return newTag;
}

/** Equal exactly for orders that mean the same work: source digest, new tag, ids (and the repository of the result). */
function keyOf(order: FixOrder, image: ImageView, { selection, requested }: Request): string {
  const identity = [image.repository.id, image.digest, order.newTag ?? null, selection.kind, requested];
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex');
}

/** Ties go to the lowest id. */
function mostUrgent(views: readonly FindingView[]): FindingView | undefined {
  return views.toSorted((a, b) => urgency(b.vulnerability) - urgency(a.vulnerability) || a.recordId - b.recordId)[0];
}

const priorities = ['nntf', 'later', 'asap'];
const severities = ['unknown', 'negligible', 'low', 'medium', 'high', 'critical'];

function urgency({ kev, priority, severity, cvss }: VulnerabilityHead): number {
  return (kev ? 1e6 : 0) + priorities.indexOf(priority) * 1e4 + severities.indexOf(severity) * 1e3 + (cvss ?? 0);
}

function refusal(field: string, message: string): ServiceError {
  return new ServiceError('invalid_order', message, { field });
}
