import { type Kysely, sql, type Transaction } from 'kysely';
import { compareText } from '../../../kernel/index.ts';
import { joinMessages, type Message } from '../../../notify/index.ts';
import type { AffectedRepository, NewDelivery, NotificationStore } from '../../../service/index.ts';
import type { Db } from '../contract.ts';
import { findAffected } from '../findings/affected.ts';
import { inLists } from '../findings/chunks.ts';
import type { Tables } from '../tables.ts';
import { createEventLog } from '../work/outbox.ts';

type Planning = Pick<NotificationStore, 'pending' | 'position' | 'events' | 'plan' | 'affected'>;

/** A message is joined only when it is due later than this. */
const joinMarginMs = 5_000;

/** How many channels are worked off at a time; others have their turn with the next look. */
const channelsAtOnce = 100;

/** Where planning stands, and the messages that come of it. */
export function planningStore(db: Db): Planning {
  const log = createEventLog(db);
  const position = async (): Promise<number> => {
    const row = await db.kysely.selectFrom('notification_position').select('event_id').executeTakeFirst();
    return row?.event_id ?? 0;
  };
  return {
    position,
    events: (after, limit) => log.after(after, limit),
    async pending(now) {
      const channels = db.kysely.selectFrom('notification_channel').where('enabled', '=', 1);
      const first = await channels.select((eb) => eb.fn.min('from_event').as('first')).executeTakeFirst();
      const { rows } = await sql<{ id: number }>`SELECT c.id FROM notification_channel c WHERE c.enabled = 1
        AND (c.paused_until IS NULL OR c.paused_until <= ${now}) AND EXISTS (SELECT 1 FROM notification_delivery d
          WHERE d.channel_id = c.id AND d.state = 'waiting' AND d.next_at <= ${now})
        ORDER BY c.id LIMIT ${channelsAtOnce}`.execute(db.kysely);
      const known = Math.max(await position(), Number(first?.first ?? Number.MAX_SAFE_INTEGER));
      return { plan: (await log.newest()) > known, channels: rows.map(({ id }) => id) };
    },
    plan: (from, to, deliveries, at) =>
      db.transaction(async (trx) => {
        await trx
          .insertInto('notification_position')
          .values({ id: 1, event_id: 0 })
          .onConflict((conflict) => conflict.column('id').doNothing())
          .execute();
        const moved = await trx
          .updateTable('notification_position')
          .set({ event_id: to })
          .where('event_id', '=', from)
          .executeTakeFirst();
        if (moved.numUpdatedRows === 0n) return false;
        for (const delivery of deliveries) await store(trx, delivery, at);
        return true;
      }),
    affected: (vulnerabilities) => db.snapshot((trx) => affected(trx, vulnerabilities)),
  };
}

async function store(trx: Transaction<Tables>, delivery: NewDelivery, at: number): Promise<void> {
  const { channelId, message, event, nextAt, joins } = delivery;
  // Removed meanwhile: there is nobody to tell.
  const channel = trx.selectFrom('notification_channel').select('id').where('id', '=', channelId);
  if ((await channel.executeTakeFirst()) === undefined) return;
  if (joins && (await join(trx, delivery, at))) return;
  await trx
    .insertInto('notification_delivery')
    .values({
      ...{ channel_id: channelId, event, event_id: message.id, joins: joins ? 1 : 0 },
      ...textsOf(message),
      ...{ state: 'waiting', attempts: 0, next_at: nextAt, created_at: at },
    })
    .onConflict((conflict) => conflict.columns(['channel_id', 'event_id']).doNothing())
    .execute();
}

/** Adds to a message that waits for its first attempt. Whether there was one. */
async function join(
  trx: Transaction<Tables>,
  { channelId, message, event }: NewDelivery,
  at: number,
): Promise<boolean> {
  const open = await trx
    .selectFrom('notification_delivery')
    .select(['id', 'message'])
    .where('channel_id', '=', channelId)
    .where('event', '=', event)
    .where('state', '=', 'waiting')
    .where('joins', '=', 1)
    .where('attempts', '=', 0)
    // One that is due may be on its way already, and clocks of machines differ a little.
    .where('next_at', '>', at + joinMarginMs)
    .orderBy('id')
    .executeTakeFirst();
  if (open === undefined) return false;
  const whole = joinMessages(JSON.parse(open.message) as Message, message);
  await trx.updateTable('notification_delivery').set(textsOf(whole)).where('id', '=', open.id).execute();
  return true;
}

/** What lists show of a message, and the message itself. */
function textsOf(message: Message) {
  const { title, severity, projectId } = message;
  return { title, severity, project_id: projectId, message: JSON.stringify(message) };
}

/** Open matches of vulnerabilities, in the sets of images; every set is looked at once, however many are asked for. */
async function affected(trx: Kysely<Tables>, names: readonly string[]): ReturnType<Planning['affected']> {
  const packages = await packagesOf(trx, names);
  const { sets } = await findAffected(trx, new Set([...packages.values()].flatMap((ids) => [...ids])));
  const manifestsOfSet = new Map<number, number[]>();
  for (const chunk of inLists(sets.keys())) {
    const holding = trx
      .selectFrom('image_set')
      .select(['set_id', 'manifest_id'])
      .distinct()
      .where('set_id', 'in', chunk);
    for (const { set_id, manifest_id } of await holding.execute()) {
      manifestsOfSet.set(set_id, [...(manifestsOfSet.get(set_id) ?? []), manifest_id]);
    }
  }
  const places = await placesOf(trx, new Set([...manifestsOfSet.values()].flat()));
  const result = new Map<string, readonly AffectedRepository[]>();
  for (const [name, wanted] of packages) {
    const manifests = new Set<number>();
    for (const [set, members] of sets) {
      if (!members.some((id) => wanted.has(id))) continue;
      for (const manifest of manifestsOfSet.get(set) ?? []) manifests.add(manifest);
    }
    const counted = new Map<number, AffectedRepository>();
    for (const manifest of manifests) {
      for (const { id, projectId, path, images } of places.get(manifest) ?? []) {
        counted.set(id, { projectId, path, images: (counted.get(id)?.images ?? 0) + images });
      }
    }
    result.set(
      name,
      [...counted.values()].sort((a, b) => b.images - a.images || compareText(a.path, b.path)),
    );
  }
  return result;
}

async function packagesOf(trx: Kysely<Tables>, names: readonly string[]): Promise<Map<string, Set<number>>> {
  const packages = new Map<string, Set<number>>();
  for (const chunk of inLists(new Set(names))) {
    const { rows } = await sql<{ name: string; pkg_id: number }>`SELECT DISTINCT v.name, m.pkg_id FROM pkg_vuln m
      JOIN vuln v ON v.id = m.vuln_id WHERE m.to_gen IS NULL AND v.name IN (${sql.join(chunk)})`.execute(trx);
    for (const { name, pkg_id } of rows) packages.set(name, (packages.get(name) ?? new Set<number>()).add(pkg_id));
  }
  return packages;
}

/** By manifest the repositories with current images of it. */
async function placesOf(trx: Kysely<Tables>, manifests: ReadonlySet<number>) {
  const places = new Map<number, (AffectedRepository & { readonly id: number })[]>();
  for (const chunk of inLists(manifests)) {
    const { rows } = await sql<{ manifest_id: number; id: number; project_id: number; path: string; n: number }>`
      SELECT i.manifest_id, r.id, r.project_id, r.path, COUNT(*) AS n FROM inventory_image i
      JOIN repository r ON r.id = i.repo_id WHERE i.until_at IS NULL AND i.manifest_id IN (${sql.join(chunk)})
      GROUP BY i.manifest_id, r.id, r.project_id, r.path`.execute(trx);
    for (const { manifest_id, id, project_id: projectId, path, n } of rows) {
      places.set(manifest_id, [...(places.get(manifest_id) ?? []), { id, projectId, path, images: Number(n) }]);
    }
  }
  return places;
}
