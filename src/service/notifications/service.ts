import { randomUUID } from 'node:crypto';
import type { AuditLog } from '../../access/index.ts';
import type { Clock } from '../../kernel/index.ts';
import { type Message, notificationEvents, type Sender } from '../../notify/index.ts';
import type { Call, Page, PageRequest } from '../contract/call.ts';
import type {
  ChannelRules,
  NewChannelTarget,
  NotificationChannel,
  NotificationService,
  TestOutcome,
} from '../contract/notifications.ts';
import { ServiceError } from '../errors.ts';
import type { ChannelRecord, ChannelSummary, NotificationStore } from './ports.ts';
import { checkedRules } from './rules.ts';
import { openTarget } from './secrets.ts';
import { checkedTarget, refuse, type TargetDeps } from './target.ts';

/** What the use cases of notifications need. */
export interface NotificationDeps extends TargetDeps {
  readonly store: NotificationStore;
  readonly sender: Sender;
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** Whether a project exists. */
  hasProject(id: number): Promise<boolean>;
}

const longestPage = 1_000;
const mostChannels = 200;

const defaults: Omit<ChannelRules, 'name' | 'events'> = {
  ...{ enabled: true, minSeverity: 'high', projects: null, repositories: [], quietHours: null },
};

/** Channels, tests of them, and their log. What is sent by itself is the work of `plan.ts` and `deliver.ts`. */
export function createNotificationService(deps: NotificationDeps): NotificationService {
  const { store, audit, clock } = deps;
  const now = (): number => clock.now().getTime();
  const record = (call: Call, action: string, channel: ChannelRecord, detail: object): Promise<void> =>
    audit.record({
      ...{ actor: call.actor, action: `notification.${action}`, object: `notification-channel:${channel.id}` },
      projectId: null,
      detail: { name: channel.name, ...detail },
    });
  const shownById = async (id: number): Promise<NotificationChannel | null> => {
    const channel = await store.channel(id);
    return channel === null ? null : shown(channel);
  };
  return {
    events: () => notificationEvents,
    async add(call, { target: given, ...input }) {
      const rules = { ...defaults, ...input, ...(await checkedRules(input, deps.hasProject)) };
      const target = checkedTarget(given, null, deps);
      if ((await store.channels(0, 1)).total >= mostChannels) {
        throw new ServiceError('conflict', `there are ${mostChannels} channels already`);
      }
      const channel = await store.insertChannel({ ...rules, ...target }, now());
      if (channel === null) throw nameTaken(rules.name);
      await record(call, 'add', channel, told(rules, given));
      return shown({ ...channel, waiting: 0, dead: 0, lastDeliveredAt: null });
    },
    async update(call, id, { target: given, ...input }) {
      const before = await store.channel(id);
      if (before === null) return null;
      const rules = await checkedRules(input, deps.hasProject);
      const target = given === undefined ? {} : checkedTarget(given, before, deps);
      const after = await store.updateChannel(id, { ...rules, ...target }, now());
      if (after === 'name_taken') throw nameTaken(rules.name ?? '');
      if (after === null) return null;
      await record(call, 'update', after, told(rules, given));
      return shownById(id);
    },
    async remove(call, id) {
      const channel = await store.channel(id);
      if (channel === null || !(await store.removeChannel(id))) return false;
      await record(call, 'remove', channel, {});
      return true;
    },
    get: (_call, id) => shownById(id),
    async page(_call, page) {
      const { after, limit } = windowOf(page);
      const { rows, total } = await store.channels(after ?? 0, limit);
      return pageOf(rows.map(shown), total, limit);
    },
    async test(call, id) {
      const channel = await store.channel(id);
      if (channel === null) return null;
      const outcome = await tried(deps, channel, call.signal);
      const { delivered, failure } = outcome;
      await record(call, 'test', channel, { delivered, ...(failure && { code: failure.code }) });
      return outcome;
    },
    async deliveries(_call, { page, ...query }) {
      const { after, limit } = windowOf(page);
      const { rows, total } = await store.deliveries({ ...query, before: after, limit });
      return pageOf(rows, total, limit);
    },
    async replay(call, id) {
      const delivery = await store.replay(id, now());
      if (delivery === null) return null;
      if (delivery === false) {
        throw new ServiceError('conflict', 'only messages that were given up can be tried again');
      }
      const channel = await store.channel(delivery.channelId);
      if (channel !== null) await record(call, 'replay', channel, { delivery: id, eventId: delivery.eventId });
      return delivery;
    },
  };
}

async function tried(
  { sender, sealer, clock }: NotificationDeps,
  channel: ChannelSummary,
  signal: AbortSignal,
): Promise<TestOutcome> {
  const started = performance.now();
  const message = testMessage(channel, clock.now().getTime());
  const outcome = await sender.send(message, openTarget(sealer, channel), signal);
  return {
    delivered: outcome.delivered,
    httpStatus: outcome.httpStatus,
    failure: outcome.delivered ? null : outcome.failure,
    durationMs: Math.round(performance.now() - started),
  };
}

function testMessage({ name }: ChannelRecord, at: number): Message {
  return {
    ...{ id: `test-${randomUUID()}`, event: 'test', at, title: 'Drydock can reach this channel' },
    ...{ severity: null, projectId: null, facts: [['Channel', name]], items: [], more: 0, path: null },
  };
}

function shown({ sealed: _sealed, fromEvent: _from, pausedUntil: _paused, ...channel }: ChannelSummary) {
  return channel;
}

/** For the audit log: what was given, of secrets only that they were. */
function told(rules: object, target: NewChannelTarget | undefined): object {
  if (target === undefined) return rules;
  const given = (value: unknown) => (value === null ? 'none' : 'given');
  if (target.kind === 'mail') {
    const { password, ca, ...rest } = target;
    return {
      ...rules,
      target: { ...rest, ...(password !== undefined && { password: given(password) }), ...(ca && { ca: 'given' }) },
    };
  }
  const { kind, url, secret } = target;
  const place = url === undefined ? {} : { url: URL.parse(url)?.origin ?? 'given' };
  return { ...rules, target: { kind, ...place, ...(secret !== undefined && { secret: given(secret) }) } };
}

function nameTaken(name: string): ServiceError {
  return new ServiceError('name_taken', `another channel is called ${JSON.stringify(name)}`, { field: 'name' });
}

function windowOf(page: PageRequest): { readonly after: number | null; readonly limit: number } {
  const limit = Math.min(Math.max(1, page.limit), longestPage);
  if ('offset' in page) return refuse('offset', 'is nothing that this list knows');
  if (page.after !== null && !/^\d{1,15}$/.test(page.after)) refuse('after', 'is no position of this list');
  return { after: page.after === null ? null : Number(page.after), limit };
}

function pageOf<T extends { readonly id: number }>(rows: readonly T[], total: number, limit: number): Page<T> {
  const last = rows.at(-1);
  return {
    rows,
    total,
    totalIsBound: false,
    next: rows.length === limit && last !== undefined ? String(last.id) : null,
  };
}
