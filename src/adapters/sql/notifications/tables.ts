import type { Generated } from 'kysely';

/** Tables of 0012-notifications. Times are ms since 1970 UTC, flags 0 or 1; what is called a document is JSON. */
export interface NotificationTables {
  /** `target`, `events`, `projects`, `repositories`, `quiet_hours` are documents. */
  notification_channel: {
    id: Generated<number>;
    name: string;
    enabled: number;
    target: string;
    sealed: Uint8Array;
    events: string;
    min_severity: string;
    projects: string | null;
    repositories: string;
    quiet_hours: string | null;
    from_event: number;
    paused_until: number | null;
    created_at: number;
    updated_at: number;
  };
  /** `message` is a document. */
  notification_delivery: {
    id: Generated<number>;
    channel_id: number;
    event: string;
    event_id: string;
    title: string;
    severity: string | null;
    project_id: number | null;
    message: string;
    joins: number;
    state: 'waiting' | 'delivered' | 'dead';
    attempts: number;
    next_at: number | null;
    http_status: number | null;
    code: string | null;
    reason: string | null;
    created_at: number;
    finished_at: number | null;
  };
  notification_position: { id: number; event_id: number };
  /** What people were told once. */
  notice: { key: string; at: number };
}
