import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createSealer } from '../../src/access/index.ts';
import { createQueue } from '../../src/adapters/queue/index.ts';
import type { Db, StoreTarget } from '../../src/adapters/sql/index.ts';
import { createNotificationStore } from '../../src/adapters/sql/notifications/index.ts';
import { appendEvents } from '../../src/adapters/sql/work/index.ts';
import type { ClaimedJob } from '../../src/jobs/index.ts';
import type { Message, Outcome, Sender } from '../../src/notify/index.ts';
import {
  type Call,
  createNotificationService,
  createNotifyHandler,
  type NewNotificationChannel,
  noticeStep,
  queueNotifications,
} from '../../src/service/index.ts';
import { forEachDatabase } from '../support/databases.ts';
import { factsWorld, type ToySnapshot } from '../support/facts-world.ts';

const canary = 'canary-4f1e-of-a-channel';
const actor = { name: 'ann', userId: 1, accessKeyId: null, address: null, requestId: 'r' };
const call: Call = { projects: 'all', actor, signal: new AbortController().signal };
const slack = { kind: 'slack', url: `https://hooks.example/${canary}` } as const;
const day = 86_400_000;

/** Channels over a store, with a clock and a sender that tests move. */
async function open(t: TestContext, { db, target }: { db: Db; target: StoreTarget }) {
  const queue = await createQueue({ db, target, report: (message) => assert.fail(message) });
  t.after(() => queue.close());
  const store = createNotificationStore(db);
  const sealer = createSealer([new Uint8Array(32).fill(7)]);
  const audited: object[] = [];
  const sent: { message: Message; url: string }[] = [];
  const world = {
    ...{ db, store, queue, audited, sent, now: Date.UTC(2026, 0, 10, 12) },
    outcome: { delivered: true, httpStatus: 200 } as Outcome,
  };
  const sender: Sender = {
    send: async (message, to) => {
      sent.push({ message, url: to.kind === 'mail' ? to.host : to.url });
      return world.outcome;
    },
  };
  const service = createNotificationService({
    ...{ store, sender, sealer, allowedAddresses: [], hasProject: async (id) => id < 3 },
    audit: { record: async (entry) => void audited.push(entry) },
    clock: { now: () => new Date(world.now) },
  });
  const handler = createNotifyHandler({ store, sender, sealer, queue, now: () => world.now });
  const context = { signal: call.signal, held: async () => true, progress: () => {} };
  return {
    ...{ service, handler, context },
    world,
    channel: (over: Partial<NewNotificationChannel> = {}) =>
      service.add(call, { name: 'ops', target: slack, events: ['fix.failed'], minSeverity: 'unknown', ...over }),
    emit: (topic: string, projectId: number | null, payload: unknown) =>
      db.transaction((trx) => appendEvents(trx, db.dialect, [{ at: world.now, topic, projectId, payload }])),
    /** Works off what there is to do now, as the worker loop does; how many jobs that were. */
    async work(): Promise<number> {
      for (let done = 0; ; done++) {
        await queueNotifications(store, queue, world.now);
        const job = await queue.claim('w', ['interactive'], 10_000);
        if (job === null) return done;
        await handler.run(job as ClaimedJob, context);
        await queue.complete(job.id, job.fence);
      }
    },
    log: async (channelId?: number) =>
      (await service.deliveries(call, { ...(channelId && { channelId }), page: { after: null, limit: 50 } })).rows,
  };
}

const failedFix = { task: 'ivf-1', status: 'failed', repository: 'team/app', tag: 'v1-fixed', code: 'conflict' };
const failure = (again: boolean): Outcome => ({
  ...{ delivered: false, httpStatus: 500, again, retryAfterMs: null },
  failure: { code: 'http_status', message: 'it answered HTTP 500', hint: null },
});

forEachDatabase('notifications', (openDb) => {
  test('channels: kept, changed, named once, secrets never shown; deleted with their log', async (t) => {
    const { service, world, channel } = await open(t, await openDb(t));
    const made = await channel({ projects: [2, 1, 2], repositories: ['team/*'] });
    assert.deepEqual(made.target, { kind: 'slack', url: 'https://hooks.example', hasSecret: false, ca: null });
    assert.deepEqual([made.projects, made.enabled, made.quietHours], [[1, 2], true, null]);
    await assert.rejects(channel(), { code: 'name_taken', field: 'name' });
    const quietHours = { zone: 'UTC', from: '22:00', to: '07:00', criticalBreaksThrough: true };
    const changed = await service.update(call, made.id, { quietHours, projects: null });
    assert.deepEqual([changed?.quietHours, changed?.projects], [quietHours, null]);
    assert.deepEqual(await service.get(call, made.id), changed);
    const second = await channel({ name: 'dev' });
    const page = await service.page(call, { after: null, limit: 1 });
    assert.deepEqual([page.rows.map(({ name }) => name), page.total], [['ops'], 2]);
    const next = await service.page(call, { after: page.next, limit: 1 });
    assert.deepEqual(
      next.rows.map(({ name }) => name),
      ['dev'],
    );
    assert.equal(await service.remove(call, second.id), true);
    assert.equal(await service.remove(call, second.id), false);
    assert.ok(!JSON.stringify([made, changed, page, world.audited]).includes(canary));
    assert.deepEqual(
      world.audited.map((entry) => (entry as { action: string }).action),
      ['notification.add', 'notification.update', 'notification.add', 'notification.remove'],
    );
  });

  test('what cannot be a channel is refused by its field', async (t) => {
    const { service, channel } = await open(t, await openDb(t));
    const refused = async (field: string, over: Partial<NewNotificationChannel>, code = 'invalid_field') =>
      assert.rejects(channel(over), { code, field });
    await refused('target.url', { target: { kind: 'slack', url: 'ftp://hooks.example' } });
    await refused('target.url', { target: { kind: 'slack', url: 'https://u:p@hooks.example' } });
    await refused('target.url', { target: { kind: 'slack', url: 'http://127.0.0.1/x' } }, 'address_denied');
    await refused('target.url', { target: { kind: 'slack', url: 'http://169.254.169.254/x' } }, 'address_denied');
    await refused('target.secret', { target: { kind: 'webhook', url: 'https://a.example', secret: 'short' } });
    await refused('projects', { projects: [9] });
    await refused('repositories', { repositories: ['team app'] });
    const night = { zone: 'Mars/Base', from: '22:00', to: '07:00', criticalBreaksThrough: false };
    await refused('quietHours.zone', { quietHours: night });
    const mail = { kind: 'mail', host: 'mail.example', from: 'd@mail.example', to: ['ops@mail.example'] } as const;
    await refused('target.to', { target: { ...mail, to: ['a@b.example\r\nBcc: c@d.example'] } });
    await refused('target.host', { target: { ...mail, host: 'localhost' } }, 'address_denied');
    await refused('target.username', { target: { ...mail, password: canary } });
    const made = await channel({ target: { ...mail, username: 'u', password: canary } });
    assert.deepEqual(made.target, {
      ...{ kind: 'mail', host: 'mail.example', port: 587, security: 'starttls', username: 'u', hasPassword: true },
      ...{ from: 'd@mail.example', to: ['ops@mail.example'], ca: null },
    });
    const moved = service.update(call, made.id, { target: { kind: 'mail', host: 'evil.example' } });
    await assert.rejects(moved, { code: 'invalid_field', field: 'target.password' });
    await assert.rejects(service.update(call, made.id, { target: slack }), { field: 'target.kind' });
    const kept = await service.update(call, made.id, { target: { kind: 'mail', to: ['x@mail.example'] } });
    assert.equal(kept?.target.kind === 'mail' && kept.target.hasPassword, true);
  });

  test('an event becomes a message of the channels that want it, once, however often it is planned', async (t) => {
    const { channel, emit, work, log, world } = await open(t, await openDb(t));
    await emit('fix.finished', 1, { ...failedFix, task: 'before' });
    const all = await channel();
    const one = await channel({ name: 'one', projects: [2] });
    const other = await channel({ name: 'other', repositories: ['base/*'] });
    await channel({ name: 'exports', events: ['export.ready', 'export.failed'] });
    assert.equal(await work(), 0, 'what happened before is not told');
    await emit('fix.finished', 1, failedFix);
    await emit('fix.finished', 1, { ...failedFix, status: 'cancelled' });
    await emit('fix.stage', 1, { task: 'ivf-1', stage: 'building' });
    await work();
    assert.equal(world.sent.length, 1);
    assert.equal(world.sent[0]?.url, slack.url);
    const [delivery] = await log();
    assert.deepEqual(
      [delivery?.channelId, delivery?.state, delivery?.attempts, delivery?.httpStatus, delivery?.failure],
      [all.id, 'delivered', 1, 200, null],
    );
    assert.equal(delivery?.title, 'Fix of team/app:v1-fixed failed');
    assert.deepEqual([await log(one.id), await log(other.id)], [[], []]);
    assert.equal(await work(), 0, 'nothing is left');
  });

  test('two planners make nothing twice, and one that was overtaken leaves nothing out', async (t) => {
    const { channel, emit, world } = await open(t, await openDb(t));
    await channel();
    await emit('fix.finished', 1, failedFix);
    const from = await world.store.position();
    const [event] = await world.store.events(from, 10);
    assert.ok(event);
    const message = { id: 'evt-x', event: 'fix.failed' as const, at: 1, title: 't', severity: null, projectId: 1 };
    const whole = { ...message, facts: [], items: [], more: 0, path: null };
    const delivery = { channelId: 1, message: whole, event: 'fix.failed' as const, nextAt: 1, joins: false };
    assert.equal(await world.store.plan(from, event.id, [delivery], 1), true);
    assert.equal(await world.store.plan(from, event.id, [delivery], 1), false);
    assert.equal((await world.store.deliveries({ before: null, limit: 10 })).total, 1);
  });

  test('failures are tried again with pauses, then given up; a replay begins anew', async (t) => {
    const { service, channel, emit, work, log, world } = await open(t, await openDb(t));
    const { id } = await channel();
    world.outcome = failure(true);
    await emit('fix.finished', 1, failedFix);
    const pauses: number[] = [];
    for (let attempt = 1; attempt <= 6; attempt++) {
      await work();
      const [delivery] = await log();
      assert.deepEqual([delivery?.attempts, delivery?.failure?.code], [attempt, 'http_status']);
      assert.equal(delivery?.state, attempt === 6 ? 'dead' : 'waiting');
      pauses.push((delivery?.nextAt ?? world.now) - world.now);
      assert.equal(await work(), 0, 'not before its time');
      world.now += pauses.at(-1) ?? 0;
    }
    assert.deepEqual(pauses, [5_000, 60_000, 300_000, 1_800_000, 7_200_000, 0]);
    const [dead] = await log();
    assert.deepEqual([(await service.get(call, id))?.dead, world.sent.length], [1, 6]);
    world.outcome = { delivered: true, httpStatus: 204 };
    world.now += 60_000;
    assert.deepEqual((await service.replay(call, dead?.id ?? 0))?.state, 'waiting');
    await assert.rejects(service.replay(call, dead?.id ?? 0), { code: 'conflict' });
    assert.equal(await service.replay(call, 4711), null);
    await work();
    assert.deepEqual(
      (await log()).map(({ state, attempts }) => [state, attempts]),
      [['delivered', 1]],
    );
    assert.equal(new Set(world.sent.map(({ message }) => message.id)).size, 1, 'the same event id every time');
  });

  test('what cannot get better is given up at once', async (t) => {
    const { channel, emit, work, log, world } = await open(t, await openDb(t));
    await channel();
    world.outcome = failure(false);
    await emit('fix.finished', 1, failedFix);
    await work();
    assert.deepEqual(
      (await log()).map(({ state, attempts }) => [state, attempts]),
      [['dead', 1]],
    );
  });

  test('a worker that lost its lease counts nothing: the message is sent again under the same id', async (t) => {
    const { handler, context, channel, emit, work, log, world } = await open(t, await openDb(t));
    const { id } = await channel();
    world.outcome = failure(true);
    await emit('fix.finished', 1, failedFix);
    await work();
    world.now += 5_000;
    world.outcome = { delivered: true, httpStatus: 200 };
    await queueNotifications(world.store, world.queue, world.now);
    const job = await world.queue.claim('w', ['interactive'], 10_000);
    assert.deepEqual(job?.payload, { channelId: id });
    // As after kill -9: somebody else took the job over, and this worker wakes up.
    await handler.run({ ...(job as ClaimedJob), fence: (job?.fence ?? 0) + 1 }, context);
    assert.deepEqual(
      (await log()).map(({ state, attempts }) => [state, attempts]),
      [['waiting', 1]],
    );
    await world.queue.release(job?.id ?? '', job?.fence ?? 0);
    await work();
    assert.deepEqual(
      (await log()).map(({ state, attempts }) => [state, attempts]),
      [['delivered', 2]],
    );
    assert.equal(new Set(world.sent.map(({ message }) => message.id)).size, 1);
  });

  test('only one job of a channel is queued, and none while it rests or is switched off', async (t) => {
    const { service, channel, emit, work, world } = await open(t, await openDb(t));
    const { id } = await channel();
    await emit('fix.finished', 1, failedFix);
    await queueNotifications(world.store, world.queue, world.now);
    await queueNotifications(world.store, world.queue, world.now);
    assert.equal((await world.queue.list({ kind: 'notify', states: ['queued'], limit: 9 })).length, 1);
    world.outcome = failure(true);
    await work();
    await service.update(call, id, { enabled: false });
    world.now += day;
    assert.equal(await work(), 0);
    await emit('fix.finished', 1, { ...failedFix, task: 'while it was off' });
    await service.update(call, id, { enabled: true });
    await work();
    assert.equal(world.sent.length, 2, 'what waited goes on; what happened meanwhile is not told');
  });

  test('quiet hours: messages wait for their end; failed scans come together', async (t) => {
    const { channel, emit, work, log, world } = await open(t, await openDb(t));
    const quietHours = { zone: 'UTC', from: '11:00', to: '13:00', criticalBreaksThrough: true };
    await channel({ events: ['fix.failed', 'scan.failed'], quietHours, repositories: ['team/*'] });
    await emit('fix.finished', 1, failedFix);
    const images = (n: number) => [
      { repository: 'team/app', tag: `v${n}` },
      { repository: 'base/os', tag: `v${n}` },
    ];
    await emit('image.scanned', 1, { digest: 'd', state: 'failed', code: 'timeout', images: images(1) });
    await emit('image.scanned', 1, { digest: 'd', state: 'matched' });
    await work();
    world.now += 30_000;
    await emit('image.scanned', 1, { digest: 'd', state: 'failed', code: 'timeout', images: images(2) });
    await work();
    assert.equal(world.sent.length, 0);
    const end = Date.UTC(2026, 0, 10, 13);
    assert.deepEqual(
      (await log()).map(({ title, nextAt }) => [title, nextAt]),
      [
        ['2 images could not be scanned', end],
        ['Fix of team/app:v1-fixed failed', end],
      ],
    );
    world.now = end;
    await work();
    assert.deepEqual(
      world.sent.map(({ message }) => message.items.map(({ id }) => id)),
      [['ivf-1'], ['team/app:v1', 'team/app:v2']],
    );
  });

  test('notices are given once, also when it is looked every hour', async (t) => {
    const opened = await openDb(t);
    const { channel, work, log, world } = await open(t, opened);
    await channel({ events: ['advisories.stale', 'decision.expiring', 'key.expiring'] });
    const facts = await factsWorld(opened.db);
    const rule = {
      kind: 'ignore',
      projectId: null,
      findingKind: null,
      scope: { kind: 'global' },
      title: null,
    } as const;
    const ends = {
      expiresAt: world.now + 3 * day,
      expiresWhen: 'none',
      source: 'api',
      createdAt: 1,
      by: 'ann',
    } as const;
    await facts.store.addRule({ ...rule, ...ends, vulnerabilities: ['CVE-1'], reason: 'later' }, 'ann');
    const step = noticeStep({ store: world.store, checkedAt: async () => world.now - 8 * day });
    for (let hour = 0; hour < 3; hour++) await step.run(world.now, call.signal);
    await work();
    world.now += 60_000;
    await work();
    assert.deepEqual((await log()).map(({ event, state }) => [event, state]).sort(), [
      ['advisories.stale', 'delivered'],
      ['decision.expiring', 'delivered'],
    ]);
  });

  test('the log is tidied: old ones go, the newest of each channel stay, what waits is kept', async (t) => {
    const { channel, emit, work, log, world } = await open(t, await openDb(t));
    await channel();
    for (let n = 0; n < 4; n++) await emit('fix.finished', 1, { ...failedFix, task: `ivf-${n}` });
    await work();
    world.outcome = failure(true);
    await emit('fix.finished', 1, failedFix);
    await work();
    const limits = { deliveredBefore: 0, deadBefore: 0, noticesBefore: 0, most: 2 };
    await world.store.tidy(limits);
    assert.deepEqual(
      (await log()).map(({ state }) => state),
      ['waiting', 'delivered', 'delivered'],
    );
    await world.store.tidy({ ...limits, deliveredBefore: world.now + 1 });
    assert.deepEqual(
      (await log()).map(({ state }) => state),
      ['waiting'],
    );
  });

  test('a data update is one message for an advisory, with all images and the repositories that have it', async (t) => {
    const opened = await openDb(t);
    const { channel, work, world } = await open(t, opened);
    const facts = await factsWorld(opened.db);
    const image = (number: number, name: string) => ({
      ...{ number, release: '12' },
      packages: [
        { type: 'deb' as const, name, version: '1', arch: null, source: null, places: [{ path: 's', layer: number }] },
      ],
    });
    facts.activate(snapshot('one', []));
    for (const n of [1, 2, 3]) await facts.scan(image(n, 'a'));
    await facts.scan(image(4, 'b'));
    await channel({ events: ['vulnerability.new'], minSeverity: 'high' });
    await channel({ name: 'elsewhere', events: ['vulnerability.new'], repositories: ['base/*'] });
    await channel({ name: 'other project', events: ['vulnerability.new'], projects: [2] });
    facts.activate(snapshot('two', [advisory(1, 'a', 'critical'), advisory(2, 'b', 'low')]));
    await facts.rematch();
    await work();
    assert.deepEqual(
      world.sent.map(({ message }) => [message.title, message.severity, message.items.map(({ text }) => text)]),
      [['CVE-2026-1 (critical) affects 3 images', 'critical', ['team/app: 3 images']]],
    );
    // Facts that change are no news, and neither is what new images bring along.
    facts.activate(snapshot('three', [{ ...advisory(1, 'a', 'critical'), fixed: '9' }, advisory(2, 'b', 'low')]));
    await facts.rematch();
    await facts.scan(image(5, 'a'));
    await facts.rematch();
    await work();
    assert.equal(world.sent.length, 1);
  });

  test('many advisories of one update are one message, worst first and bounded', async (t) => {
    const opened = await openDb(t);
    const { channel, work, world } = await open(t, opened);
    const facts = await factsWorld(opened.db);
    const places = [{ path: 's', layer: 1 }];
    const packages = [{ type: 'deb' as const, name: 'a', version: '1', arch: null, source: null, places }];
    facts.activate(snapshot('one', []));
    await facts.scan({ number: 1, release: '12', packages });
    await channel({ events: ['vulnerability.new'] });
    const many = Array.from({ length: 600 }, (_, n) => advisory(n, 'a', n === 599 ? 'critical' : 'medium'));
    facts.activate(snapshot('two', many));
    await facts.rematch();
    await work();
    const [{ message } = assert.fail()] = world.sent;
    assert.equal(world.sent.length, 1);
    assert.deepEqual([message.title, message.severity], ['600 new vulnerabilities on existing images', 'critical']);
    assert.deepEqual([message.items.length, message.more, message.items[0]?.id], [20, 580, 'CVE-2026-599']);
  });

  test('endings of exports, registries and decisions are told in the transaction that ends them', async (t) => {
    const opened = await openDb(t);
    const { channel, work, log, world } = await open(t, opened);
    const facts = await factsWorld(opened.db);
    await facts.addImage(1);
    const [registry] = await facts.inventory.allRegistries();
    assert.ok(registry);
    await channel({ events: ['registry.unreachable', 'decision.expired'] });
    for (const at of [1, 2])
      await facts.inventory.setState(registry.id, { state: 'unreachable', reason: 'no answer' }, at);
    const rule = { kind: 'ignore', projectId: 1, findingKind: null, scope: { kind: 'global' }, title: null } as const;
    const ends = { expiresAt: 5, expiresWhen: 'none', source: 'api', createdAt: 1, by: 'ann' } as const;
    const stored = await facts.store.addRule({ ...rule, ...ends, vulnerabilities: ['CVE-1'], reason: 'later' }, 'ann');
    await facts.store.endRules([stored.id], 'expired', 6, 'system');
    await work();
    assert.deepEqual(
      (await log()).map(({ event, title, projectId }) => [event, title, projectId]),
      [
        ['decision.expired', 'A decision has ended', 1],
        ['registry.unreachable', 'Registry main does not answer', 1],
      ],
    );
    assert.equal(world.sent.length, 1, 'the decision waits for others');
  });
});

function advisory(n: number, name: string, level: ToySnapshot['advisories'][number]['level']) {
  const rest = { aliases: [], ecosystem: 'Debian:12', fixed: null, score: null, unimportant: false, title: null };
  return { id: `CVE-2026-${n}`, name, level, ...rest };
}

function snapshot(id: string, advisories: ToySnapshot['advisories']): ToySnapshot {
  return { id, advisories, kev: [], epss: {} };
}
