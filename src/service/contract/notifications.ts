import type {
  ChannelKindId,
  EventKindId,
  MailSecurity,
  NotificationEventKind,
  QuietHours,
  SeverityLevel,
} from '../../notify/index.ts';
import type { Call, Page, PageRequest } from './call.ts';

/** Where a channel sends to, as it is shown: addresses without their secret parts. */
export type ChannelTarget =
  | {
      readonly kind: Exclude<ChannelKindId, 'mail'>;
      /** Origin of the address; what follows it is a secret with most services and never shown. */
      readonly url: string;
      /** Whether messages are signed. */
      readonly hasSecret: boolean;
      /** PEM certificates that are trusted in addition; null = the system's only. */
      readonly ca: string | null;
    }
  | {
      readonly kind: 'mail';
      readonly host: string;
      readonly port: number;
      readonly security: MailSecurity;
      readonly username: string | null;
      readonly hasPassword: boolean;
      readonly from: string;
      readonly to: readonly string[];
      readonly ca: string | null;
    };

/** A target as a caller writes it. For a change every member but `kind` may be left out and stays as it is then. */
export type NewChannelTarget =
  | {
      readonly kind: Exclude<ChannelKindId, 'mail'>;
      readonly url?: string;
      readonly secret?: string | null;
      readonly ca?: string | null;
    }
  | {
      readonly kind: 'mail';
      readonly host?: string;
      readonly port?: number;
      readonly security?: MailSecurity;
      readonly username?: string | null;
      readonly password?: string | null;
      readonly from?: string;
      readonly to?: readonly string[];
      readonly ca?: string | null;
    };

/** What a channel is told. */
export interface ChannelRules {
  readonly name: string;
  readonly enabled: boolean;
  readonly events: readonly EventKindId[];
  /** Of vulnerabilities; `unknown` = all of them. Other events have no severity. */
  readonly minSeverity: SeverityLevel;
  /** Null = all projects. Events of the installation, such as old advisory data, belong to none and are told all the same. */
  readonly projects: readonly number[] | null;
  /** Globs over repository paths, as registries use them; empty = all repositories. For events that are about images. */
  readonly repositories: readonly string[];
  readonly quietHours: QuietHours | null;
}

/** A channel as it is shown. */
export interface NotificationChannel extends ChannelRules {
  readonly id: number;
  readonly target: ChannelTarget;
  /** Messages that wait for their first or next attempt. */
  readonly waiting: number;
  /** Messages that were given up. */
  readonly dead: number;
  readonly lastDeliveredAt: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export type NewNotificationChannel = { readonly name: string; readonly target: NewChannelTarget } & Pick<
  ChannelRules,
  'events'
> &
  Partial<ChannelRules>;

/** `waiting`: for its first or next attempt, or for the end of quiet hours. `dead`: given up until somebody replays it. */
export type DeliveryState = 'waiting' | 'delivered' | 'dead';

/** Typed code and sentence of a failed attempt, and the HTTP status where there was an answer. */
export interface DeliveryFailure {
  readonly code: string;
  readonly message: string;
}

/** One message to one channel. */
export interface NotificationDelivery {
  readonly id: number;
  readonly channelId: number;
  readonly channelName: string;
  readonly event: EventKindId;
  /** The same in every repetition of the message: receivers know by it what they have already. */
  readonly eventId: string;
  readonly title: string;
  readonly severity: SeverityLevel | null;
  readonly projectId: number | null;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly httpStatus: number | null;
  /** Of the last attempt; null after a success and before the first attempt. */
  readonly failure: DeliveryFailure | null;
  /** When it is tried; null when it is not. */
  readonly nextAt: number | null;
  readonly createdAt: number;
  readonly finishedAt: number | null;
}

/** How a test message fared. */
export interface TestOutcome {
  readonly delivered: boolean;
  readonly httpStatus: number | null;
  readonly failure: (DeliveryFailure & { readonly hint: string | null }) | null;
  readonly durationMs: number;
}

/**
 * Notifications: where they go, and what became of them. Channels belong to the installation, so all of it is for callers
 * who may do it for all projects.
 */
export interface NotificationService {
  /** Every kind of event that a channel can subscribe to. */
  events(): readonly NotificationEventKind[];
  /** @throws ServiceError `invalid_field`, `address_denied`, `name_taken` */
  add(call: Call, channel: NewNotificationChannel): Promise<NotificationChannel>;
  /** Null when unknown. @throws ServiceError as `add` */
  update(
    call: Call,
    id: number,
    change: Partial<ChannelRules> & { readonly target?: NewChannelTarget },
  ): Promise<NotificationChannel | null>;
  /** With its deliveries. False when unknown. */
  remove(call: Call, id: number): Promise<boolean>;
  get(call: Call, id: number): Promise<NotificationChannel | null>;
  page(call: Call, page: PageRequest): Promise<Page<NotificationChannel>>;
  /** Sends a message now, whatever the channel subscribes to and whatever its quiet hours say. Null when unknown. */
  test(call: Call, id: number): Promise<TestOutcome | null>;
  /** Newest first. */
  deliveries(
    call: Call,
    query: { readonly channelId?: number; readonly states?: readonly DeliveryState[]; readonly page: PageRequest },
  ): Promise<Page<NotificationDelivery>>;
  /** Tries a dead message again, with as many attempts as a new one has. Null when unknown. @throws ServiceError `conflict` */
  replay(call: Call, id: number): Promise<NotificationDelivery | null>;
}
