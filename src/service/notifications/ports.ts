import type { Fence, OutboxEvent } from '../../jobs/index.ts';
import type { EventKindId, Message, SeverityLevel } from '../../notify/index.ts';
import type {
  ChannelRules,
  ChannelTarget,
  DeliveryFailure,
  DeliveryState,
  NotificationDelivery,
} from '../contract/notifications.ts';

/** A channel as it is stored. */
export interface ChannelRecord extends ChannelRules {
  readonly id: number;
  readonly target: ChannelTarget;
  /** Sealed JSON of what of the target is secret (`secrets.ts`). */
  readonly sealed: Uint8Array;
  /** Events up to this id of the outbox are older than the channel, or happened while it was switched off. */
  readonly fromEvent: number;
  /** Nothing is sent before; null = no pause. */
  readonly pausedUntil: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export type NewChannelRecord = ChannelRules & Pick<ChannelRecord, 'target' | 'sealed'>;

/** A channel with what became of its messages. */
export interface ChannelSummary extends ChannelRecord {
  readonly waiting: number;
  readonly dead: number;
  readonly lastDeliveredAt: number | null;
}

/** A message that is to be sent to a channel. */
export interface NewDelivery {
  readonly channelId: number;
  readonly message: Message;
  readonly event: EventKindId;
  /** Not before this time. */
  readonly nextAt: number;
  /** Is joined with the one of the same key that waits for its first attempt, instead of being sent by itself. */
  readonly joins: boolean;
}

/** A message that is due. */
export interface DueDelivery {
  readonly id: number;
  readonly attempts: number;
  readonly message: Message;
}

/** What an attempt makes of a delivery. */
export interface AttemptResult {
  readonly state: DeliveryState;
  readonly httpStatus: number | null;
  readonly failure: DeliveryFailure | null;
  /** Null = not tried again by itself. */
  readonly nextAt: number | null;
}

/** Images of one repository that have a vulnerability. */
export interface AffectedRepository {
  readonly projectId: number;
  readonly path: string;
  readonly images: number;
}

/** Something of which people are told once before it happens. */
export interface Notice {
  /** Names what is told, with whatever makes it another thing: `decision:12:1767225600000`. */
  readonly key: string;
  readonly event: Omit<OutboxEvent, 'id'>;
}

/** Channels, where planning stands, and deliveries. */
export interface NotificationStore {
  /** Null = another channel has the name. The channel begins behind the newest event. */
  insertChannel(channel: NewChannelRecord, at: number): Promise<ChannelRecord | null>;
  /** Switched on again, it begins behind the newest event. */
  updateChannel(
    id: number,
    change: Partial<NewChannelRecord>,
    at: number,
  ): Promise<ChannelRecord | 'name_taken' | null>;
  /** With its deliveries. */
  removeChannel(id: number): Promise<boolean>;
  channel(id: number): Promise<ChannelSummary | null>;
  channels(after: number, limit: number): Promise<{ readonly rows: readonly ChannelSummary[]; readonly total: number }>;
  enabledChannels(): Promise<readonly ChannelRecord[]>;

  /** What there is to do: whether events wait to be planned, and channels with messages that are due. */
  pending(now: number): Promise<{ readonly plan: boolean; readonly channels: readonly number[] }>;
  /** Id of the last event that was planned; events that no channel wants are skipped. */
  position(): Promise<number>;
  /** Events behind an id, oldest first. */
  events(after: number, limit: number): Promise<readonly OutboxEvent[]>;
  /** Stores deliveries and moves the position, together. False when it is no longer at `from`: another planner was faster. */
  plan(from: number, to: number, deliveries: readonly NewDelivery[], at: number): Promise<boolean>;
  /** By vulnerability the repositories whose current images have it, the one with the most images first. */
  affected(vulnerabilities: readonly string[]): Promise<ReadonlyMap<string, readonly AffectedRepository[]>>;

  /** Messages of a channel whose time has come, oldest first. */
  due(channelId: number, now: number, limit: number): Promise<readonly DueDelivery[]>;
  /** Counts an attempt. False when the job has lost its lease, or the delivery is gone: nothing was stored. */
  attempted(fence: Fence, id: number, result: AttemptResult, at: number): Promise<boolean>;
  pause(channelId: number, until: number): Promise<void>;
  deliveries(query: {
    readonly channelId?: number;
    readonly states?: readonly DeliveryState[];
    /** Behind this one; null = from the newest. */
    readonly before: number | null;
    readonly limit: number;
  }): Promise<{ readonly rows: readonly NotificationDelivery[]; readonly total: number }>;
  /** Makes a dead message wait again, without attempts. Null = unknown, false = not dead. */
  replay(id: number, at: number): Promise<NotificationDelivery | false | null>;
  /** Removes what is older than wanted, and of each channel what is behind its newest `most` that have ended. */
  tidy(limits: {
    readonly deliveredBefore: number;
    readonly deadBefore: number;
    readonly noticesBefore: number;
    readonly most: number;
  }): Promise<void>;

  /** Appends the events of notices that were never given. */
  tell(notices: readonly Notice[], at: number): Promise<number>;
  /** Decisions that end in a span of time and of which nobody was told. */
  endingDecisions(
    from: number,
    to: number,
    limit: number,
  ): Promise<
    readonly {
      readonly id: number;
      readonly projectId: number | null;
      readonly expiresAt: number;
      readonly reason: string;
      readonly vulnerabilities: readonly string[];
    }[]
  >;
  /** The same of access keys and robot tokens. */
  endingKeys(
    from: number,
    to: number,
    limit: number,
  ): Promise<
    readonly {
      readonly kind: 'key' | 'token';
      readonly id: string;
      readonly user: string;
      readonly name: string | null;
      readonly expiresAt: number;
    }[]
  >;
}

/** One vulnerability of an event `vulnerability.new`. */
export interface NewVulnerability {
  readonly id: string;
  readonly severity: SeverityLevel;
  readonly title: string | null;
  /** A version that fixes it was published for at least one of the packages. */
  readonly fixable: boolean;
  readonly kev: boolean;
  /** Current images that did not have it before, by project. */
  readonly images: Readonly<Record<string, number>>;
}

/** Payload of `vulnerability.new`: what images have by one data update that they did not have before. */
export interface NewVulnerabilities {
  readonly generation: number;
  /** The worst, worst first. */
  readonly news: readonly NewVulnerability[];
  /** How many others there are, by severity. */
  readonly more: Readonly<Partial<Record<SeverityLevel, number>>>;
}
