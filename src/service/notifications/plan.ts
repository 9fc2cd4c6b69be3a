import { compilePathFilter } from '../../inventory/index.ts';
import type { OutboxEvent } from '../../jobs/index.ts';
import { type EventKindId, isJoined, type Message, quietUntil } from '../../notify/index.ts';
import { readingOf } from './news.ts';
import type { ChannelRecord, NewDelivery, NewVulnerabilities, NotificationStore } from './ports.ts';
import { affectedOnce, vulnerabilityNews } from './vulnerabilities.ts';

/** Events that become messages in one transaction. */
const batch = 500;
/** How long messages of joined kinds wait for company. */
const joinMs = 60_000;

interface Open {
  readonly channel: ChannelRecord;
  readonly isWanted: (repository: string) => boolean;
}

type PlanStore = Pick<NotificationStore, 'position' | 'events' | 'plan' | 'enabledChannels' | 'affected'>;

/**
 * Makes messages of the events behind the position, until there are no more. Messages and position are stored together, so
 * that a planner that is killed leaves nothing out, and two of them make nothing twice.
 */
export async function planMessages(store: PlanStore, now: () => number, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const channels = (await store.enabledChannels()).map(
      (channel): Open => ({ channel, isWanted: compilePathFilter(channel.repositories, []) }),
    );
    if (channels.length === 0) return;
    const from = await store.position();
    const events = await store.events(
      Math.max(from, Math.min(...channels.map(({ channel }) => channel.fromEvent))),
      batch,
    );
    const last = events.at(-1);
    if (last === undefined) return;
    const at = now();
    const affected = affectedOnce(store);
    const deliveries: NewDelivery[] = [];
    for (const event of events) {
      for (const open of channels) deliveries.push(...(await deliveriesOf(event, open, affected, at)));
    }
    await store.plan(from, last.id, deliveries, at);
  }
}

async function deliveriesOf(
  event: OutboxEvent,
  open: Open,
  affected: ReturnType<typeof affectedOnce>,
  now: number,
): Promise<readonly NewDelivery[]> {
  const { channel, isWanted } = open;
  if (event.id <= channel.fromEvent) return [];
  const id = `evt-${event.id}-${event.at.toString(36)}`;
  const common = { at: event.at, projectId: event.projectId };
  if (event.topic === 'vulnerability.new') {
    if (!channel.events.includes('vulnerability.new')) return [];
    const news = await vulnerabilityNews(event.payload as NewVulnerabilities, channel, isWanted, affected);
    return news.map(({ suffix, ...rest }) =>
      delivery(channel, { ...common, ...rest, id: `${id}${suffix}`, event: 'vulnerability.new' }, now),
    );
  }
  const reading = readingOf(event);
  if (reading === null || !channel.events.includes(reading.event) || !inProjects(event, channel)) return [];
  const news = reading.news({ projects: channel.projects, isWanted });
  return news === null ? [] : [delivery(channel, { ...common, ...news, id, event: reading.event }, now)];
}

/** What belongs to no project concerns everybody. */
function inProjects({ projectId }: OutboxEvent, { projects }: ChannelRecord): boolean {
  return projectId === null || projects === null || projects.includes(projectId);
}

function delivery(
  channel: ChannelRecord,
  message: Message & { readonly event: EventKindId },
  now: number,
): NewDelivery {
  const joins = isJoined(message.event);
  const earliest = joins ? now + joinMs : now;
  return { channelId: channel.id, message, event: message.event, joins, nextAt: notBefore(channel, message, earliest) };
}

/** The earliest moment from then on at which quiet hours let a message pass. */
export function notBefore(
  { quietHours }: Pick<ChannelRecord, 'quietHours'>,
  { severity }: Pick<Message, 'severity'>,
  earliest: number,
): number {
  if (quietHours === null || (severity === 'critical' && quietHours.criticalBreaksThrough)) return earliest;
  return quietUntil(quietHours, earliest) ?? earliest;
}
