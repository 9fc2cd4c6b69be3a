import type { Transaction } from 'kysely';
import type {
  NewPlan,
  Page,
  PlanResult,
  PlanService,
  PlanStore,
  ProjectScope,
  StoredPlan,
  StoredSelection,
} from '../../../service/index.ts';
import { digestBytes } from '../digest-bytes.ts';
import type { Db, Tables } from '../index.ts';
import type { FixStoreDeps } from './contract.ts';
import { stillOwns } from './fence.ts';
import { ownResultOf } from './fix-journal.ts';
import { appendEvents } from './outbox.ts';
import { endPlan, movePlan } from './plan-changes.ts';
import { orderOf, planColumns, planOf } from './plan-row.ts';

/** Attempts of a plan: workers that die under it, registries that are away. */
const maxAttempts = 3;

/** Plans that are deleted at a time. */
const pruneBatch = 500;

/** Previews of fixes in the store. */
export function createPlanStore(deps: FixStoreDeps): PlanStore {
  const { db, queue, clock } = deps;
  const now = (): number => clock.now().getTime();
  const rows = () => db.kysely.selectFrom('fix_plan').leftJoin('job', 'job.id', 'fix_plan.job_id').select(planColumns);
  const visible = (projects: ProjectScope, id: string) => {
    const query = db.kysely.selectFrom('fix_plan').where('id', '=', id);
    return projects === 'all' ? query : query.where('project_id', 'in', [...projects, -1]);
  };
  const read = async (id: string): Promise<StoredPlan | null> => {
    const row = await rows().where('fix_plan.id', '=', id).executeTakeFirst();
    return row ? planOf(row) : null;
  };
  return {
    async existing(dedupeKey, at) {
      const row = await rows()
        .where('fix_plan.dedupe_key', '=', dedupeKey)
        .where('fix_plan.state', 'in', ['queued', 'running', 'ready'])
        .where((eb) => eb.or([eb('fix_plan.expires_at', 'is', null), eb('fix_plan.expires_at', '>', at)]))
        .orderBy('fix_plan.number', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row ? planOf(row) : null;
    },
    async add(plan, limit) {
      const id = await db.transaction((trx) => addPlan(deps, trx, plan, limit));
      return id === null ? null : read(id);
    },
    async plan(projects, id) {
      const row = await visible(projects, id).select('id').executeTakeFirst();
      return row ? read(row.id) : null;
    },
    page: (projects, query, at) => planPage(db, projects, query, at),
    async result(projects, id) {
      const row = await visible(projects, id).select('result').executeTakeFirst();
      return row?.result ? (JSON.parse(row.result) as PlanResult) : null;
    },
    async cancel(projects, id) {
      const row = await visible(projects, id).select('job_id').executeTakeFirst();
      if (!row) return false;
      await db.transaction((trx) => queue.cancelIn(trx, row.job_id));
      return true;
    },
    async work(id) {
      const row = await visible('all', id).selectAll().executeTakeFirst();
      const [image] = row ? await deps.imagesById([row.image_id]) : [];
      if (!row || !image) return null;
      const order = orderOf(row);
      const { strategy } = order;
      const selection = JSON.parse(row.selection) as StoredSelection;
      return { id, image, order, strategy, selection, ended: row.state !== 'queued' && row.state !== 'running' };
    },
    stage: (fence, id, stage) =>
      db.transaction(async (trx) => {
        if (!(await stillOwns(trx, db.dialect, fence))) return false;
        await movePlan(trx, db.dialect, id, { state: 'running', stage, at: now() });
        return true;
      }),
    finish: (fence, id, ending) =>
      db.transaction(async (trx) => {
        if (!(await stillOwns(trx, db.dialect, fence))) return false;
        await endPlan(trx, db.dialect, id, ending, now());
        return true;
      }),
    ownResult: (manifest) => ownResultOf(db, manifest),
    async prune(before) {
      const old = db.kysely
        .selectFrom('fix_plan')
        .select('number')
        .where('finished_at', '<', before)
        .orderBy('finished_at')
        .limit(pruneBatch);
      const result = await db.kysely.deleteFrom('fix_plan').where('number', 'in', old).executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}

/** Id of the plan that holds for the key; null when too many are under way. */
async function addPlan(
  { db, queue }: FixStoreDeps,
  trx: Transaction<Tables>,
  plan: NewPlan,
  limit: number,
): Promise<string | null> {
  const open = trx.selectFrom('fix_plan').where('state', 'in', ['queued', 'running']);
  const same = async (): Promise<string | undefined> =>
    (await open.select('id').where('dedupe_key', '=', plan.dedupeKey).executeTakeFirst())?.id;
  const known = await same();
  if (known !== undefined) return known;
  const { n } = await open.select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow();
  if (Number(n) >= limit) return null;
  const { order } = plan;
  const inserted = await trx
    .insertInto('fix_plan')
    .values({
      ...{ id: plan.id, project_id: plan.projectId, image_id: plan.imageId, image_uuid: plan.imageUuid },
      digest: digestBytes(plan.digest),
      ...{ new_tag: order.newTag, strategy: order.strategy, picked: JSON.stringify(order.select) },
      ...{ selection: JSON.stringify(plan.selection), requested: plan.requested.length, actor: plan.actor },
      ...{ dedupe_key: plan.dedupeKey, job_id: '', state: 'queued', stage: 'queued', code: null, message: null },
      ...{ snapshot: null, result: null, created_at: plan.at, started_at: null, finished_at: null, expires_at: null },
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  // The same order came in at the same moment.
  if (!inserted) return (await same()) ?? null;
  const [queued] = await queue.enqueueIn(trx, [
    { kind: 'plan', class: 'interactive', payload: { planId: plan.id }, dedupeKey: plan.id, maxAttempts },
  ]);
  await trx
    .updateTable('fix_plan')
    .set({ job_id: queued?.job.id ?? '' })
    .where('id', '=', plan.id)
    .execute();
  const payload = { plan: plan.id, image: plan.imageUuid, stage: 'queued' };
  await appendEvents(trx, db.dialect, [{ at: plan.at, topic: 'plan.stage', projectId: plan.projectId, payload }]);
  return plan.id;
}

/** A page of plans, newest first. */
async function planPage(
  db: Db,
  projects: ProjectScope,
  { imageUuid, states, page }: Parameters<PlanService['page']>[1],
  at: number,
): Promise<Page<StoredPlan>> {
  let rows = db.kysely.selectFrom('fix_plan').leftJoin('job', 'job.id', 'fix_plan.job_id');
  if (projects !== 'all') rows = rows.where('project_id', 'in', [...projects, -1]);
  if (imageUuid !== undefined) rows = rows.where('image_uuid', '=', imageUuid);
  if (states) {
    // Only a ready plan expires, and that is told by its time.
    const others = states.filter((state) => state !== 'expired' && state !== 'ready');
    const ready = db.kysely.selectFrom('fix_plan').select('number').where('state', '=', 'ready');
    rows = rows.where((eb) =>
      eb.or([
        ...(others.length > 0 ? [eb('fix_plan.state', 'in', others)] : []),
        ...(states.includes('ready') ? [eb('fix_plan.number', 'in', ready.where('expires_at', '>', at))] : []),
        ...(states.includes('expired') ? [eb('fix_plan.number', 'in', ready.where('expires_at', '<=', at))] : []),
      ]),
    );
  }
  const counted = await rows.select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow();
  let listed = rows.select(planColumns).orderBy('fix_plan.number', 'desc').limit(page.limit);
  if ('offset' in page) listed = listed.offset(page.offset);
  else if (page.after !== null) listed = listed.where('fix_plan.number', '<', Number(page.after));
  const found = await listed.execute();
  return {
    rows: found.map(planOf),
    total: Number(counted.n),
    totalIsBound: false,
    next: found.length < page.limit || found.length === 0 ? null : `${found.at(-1)?.number}`,
  };
}
