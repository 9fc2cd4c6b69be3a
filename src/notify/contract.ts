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

/** One thing that a message is about: a vulnerability, an image, a task. */
export interface MessageItem {
  /** What programs know it by: `CVE-2026-1`, `team/app:v1`, the id of a task; null = nothing. */
  readonly id: string | null;
  /** One line for people. */
  readonly text: string;
  readonly severity: SeverityLevel | null;
}

/**
 * What a message says, before a kind of channel words it. Texts may come from images, registries and advisories: nothing of
 * them is markup, and every kind makes sure that its service takes none of them for any.
 */
export interface Message {
  /** The same in every repetition. */
  readonly id: string;
  readonly event: EventKindId | 'test';
  /** ms since 1970 UTC. */
  readonly at: number;
  readonly title: string;
  readonly severity: SeverityLevel | null;
  readonly projectId: number | null;
  /** Names and values that hold for all of it. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** Worst first. */
  readonly items: readonly MessageItem[];
  /** How many more there are than `items`. */
  readonly more: number;
  /** Page of the console that shows it: `/vulns/CVE-2026-1`; null = none. */
  readonly path: string | null;
}

/** A target with its secrets, for the moment of sending. */
export type OpenTarget = HttpTarget | MailTarget;

export interface HttpTarget {
  readonly kind: Exclude<ChannelKindId, 'mail'>;
  /** Whole address. */
  readonly url: string;
  readonly secret: string | null;
  readonly ca: string | null;
}

/** `starttls` refuses servers that offer none; `none` is plain text, for a relay on a trusted network. */
export type MailSecurity = 'tls' | 'starttls' | 'none';

export interface MailTarget {
  readonly kind: 'mail';
  readonly host: string;
  readonly port: number;
  readonly security: MailSecurity;
  readonly username: string | null;
  readonly password: string | null;
  readonly from: string;
  readonly to: readonly string[];
  readonly ca: string | null;
}

/** What a kind may use for one attempt. */
export interface Wording {
  /** ms since 1970 UTC; signatures are made with it. */
  readonly now: number;
  /** Address of the page that shows the message; null when the installation does not know its own. */
  readonly link: string | null;
}

/** A request that carries a message. */
export interface HttpPost {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer to it; the body is cut after 64 KiB. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A kind of channel that is posted to. */
export interface HttpKind {
  readonly id: Exclude<ChannelKindId, 'mail'>;
  /** How many messages the service takes in a minute. */
  readonly perMinute: number;
  compose(message: Message, target: HttpTarget, wording: Wording): HttpPost;
  /** What of an answer with a status of success says that the message was refused all the same; null = nothing. */
  refusal(answer: HttpAnswer): string | null;
}

/** A mail before it is encoded. */
export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Hands mails to a server. Errors of connection and certificate come as they are, those of the protocol as `NotifyError`. */
export interface MailSender {
  send(target: MailTarget, mail: Mail, signal: AbortSignal): Promise<void>;
}

/** How an attempt ended. */
export type Outcome =
  | { readonly delivered: true; readonly httpStatus: number | null }
  | {
      readonly delivered: false;
      readonly httpStatus: number | null;
      readonly failure: { readonly code: string; readonly message: string; readonly hint: string | null };
      /** Whether another attempt may fare better. */
      readonly again: boolean;
      /** How long the receiver wants to be left alone; null = it did not say. */
      readonly retryAfterMs: number | null;
    };

/** Sends messages; never throws for what a receiver or the network does. */
export interface Sender {
  send(message: Message, target: OpenTarget, signal: AbortSignal): Promise<Outcome>;
}
