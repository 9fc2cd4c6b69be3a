import type { AccessAdmin, AccessControl, AuditLog, Principal } from '../../access/index.ts';
import type { EventFeed, JobQueue, ScheduleStore } from '../../jobs/index.ts';
import type { Clock } from '../../kernel/index.ts';
import type { Services } from '../../service/index.ts';
import type { ReadyCheck } from '../http/contract.ts';

/** How old the advisory data is and where it comes from. */
export interface AdvisoryStatus {
  /** Null = there is none yet. */
  readonly snapshot: {
    readonly id: string;
    /** ms */
    readonly createdAt: number;
    readonly sources: readonly {
      readonly name: string;
      readonly fetchedAt: number | null;
      readonly advisories: number;
    }[];
  } | null;
  /** Matches are being derived again. */
  readonly recounting: boolean;
}

/** The advisory data as the system pages see it. */
export interface AdvisoryPort {
  status(): Promise<AdvisoryStatus>;
  /** Queues an update; id of the job. */
  update(): Promise<string>;
}

/** An answer that is kept for repetitions of its request. */
export interface KeptAnswer {
  /** SHA-256 of method, target and body. */
  readonly fingerprint: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Null = it held a secret and is not shown twice. */
  readonly body: string | null;
  /** ms */
  readonly expiresAt: number;
}

/** Where answers to requests with an `Idempotency-Key` are kept. */
export interface AnswerStore {
  get(key: string): Promise<KeptAnswer | null>;
  put(key: string, answer: KeptAnswer): Promise<void>;
}

/** Numbers of the native API that an installation may choose. */
export interface NativeSettings {
  readonly version: string;
  /** Roles of this process: `serve`, `worker`. */
  readonly roles: readonly string[];
  readonly startedAt: number;
  /** Event streams at a time, of all callers and of one. */
  readonly streams: number;
  readonly streamsPerCaller: number;
  /** Pause between two signs of life of an event stream, ms. */
  readonly heartbeatMs: number;
}

/** Everything that the native API needs. */
export interface NativeDeps {
  readonly access: AccessControl;
  readonly admin: AccessAdmin;
  readonly services: Services;
  readonly audit: AuditLog;
  readonly events: EventFeed;
  readonly queue: JobQueue;
  readonly schedules: ScheduleStore;
  readonly advisories: AdvisoryPort;
  readonly answers: AnswerStore;
  readonly checks: readonly ReadyCheck[];
  readonly clock: Clock;
  readonly settings: NativeSettings;
}

/** Somebody whose request was authenticated. */
export interface Caller {
  readonly principal: Principal;
  /** A browser's session needs a CSRF token for every change. */
  readonly via: 'cookie' | 'bearer' | 'access-key';
  /** The token that was shown; null for access keys. */
  readonly token: string | null;
  readonly expiresAt: number | null;
}
