import type { SeverityLevel } from '../advisories/index.ts';

export type { SeverityLevel };

/** The kinds of channels; `kinds.ts` lists what each does. */
export type ChannelKindId = 'webhook' | 'mail' | 'slack' | 'dingtalk' | 'feishu' | 'wecom';

/** The kinds of events that a channel can subscribe to; `events.ts` says what each means. */
export type EventKindId =
  | 'vulnerability.new'
  | 'scan.failed'
  | 'advisories.stale'
  | 'fix.finished'
  | 'fix.failed'
  | 'export.ready'
  | 'export.failed'
  | 'registry.unreachable'
  | 'decision.expiring'
  | 'decision.expired'
  | 'key.expiring';

/** A kind of event, for people who choose. */
export interface NotificationEventKind {
  readonly id: EventKindId;
  readonly title: string;
  /** When it is told, and how often. */
  readonly description: string;
  /** Belongs to projects, so that a channel's choice of projects matters. */
  readonly projects: boolean;
  /** Is about images, so that a channel's choice of repositories matters. */
  readonly repositories: boolean;
  /** Has a severity, so that a channel's minimum matters. */
  readonly severity: boolean;
}

/** Hours of a day in which messages wait. `from` later than `to` goes over midnight. */
export interface QuietHours {
  /** IANA name. */
  readonly zone: string;
  /** `HH:MM` in the zone. */
  readonly from: string;
  /** `HH:MM` in the zone; messages go out from then on. */
  readonly to: string;
  /** Messages of severity critical are sent all the same. */
  readonly criticalBreaksThrough: boolean;
}
