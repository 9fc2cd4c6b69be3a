import type { Migration } from './migration.ts';

/** Channels of notifications, and what was or is to be sent to them (docs/operations/notifications.md). */
export const notifications: Migration = {
  version: 12,
  name: '0012-notifications',
  statements: ({ ID, I64, I32, FLAG, TXT, BYTES, DOC, TS, table }) => [
    // target: JSON of what may be shown. sealed: JSON of the rest. from_event: of the outbox; what is older is not told.
    table(
      'notification_channel',
      `id ${ID}`,
      `name ${TXT} NOT NULL UNIQUE`,
      `enabled ${FLAG} NOT NULL`,
      `target ${DOC} NOT NULL`,
      `sealed ${BYTES} NOT NULL`,
      `events ${DOC} NOT NULL`,
      `min_severity ${TXT} NOT NULL`,
      `projects ${DOC}`,
      `repositories ${DOC} NOT NULL`,
      `quiet_hours ${DOC}`,
      `from_event ${I64} NOT NULL`,
      `paused_until ${TS}`,
      `created_at ${TS} NOT NULL`,
      `updated_at ${TS} NOT NULL`,
    ),
    // state: waiting, delivered, dead. joins: further messages of its kind may be joined to it before its first attempt.
    table(
      'notification_delivery',
      `id ${ID}`,
      `channel_id ${I64} NOT NULL REFERENCES notification_channel(id)`,
      `event ${TXT} NOT NULL`,
      `event_id ${TXT} NOT NULL`,
      `title ${TXT} NOT NULL`,
      `severity ${TXT}`,
      `project_id ${I64}`,
      `message ${DOC} NOT NULL`,
      `joins ${FLAG} NOT NULL`,
      `state ${TXT} NOT NULL`,
      `attempts ${I32} NOT NULL`,
      `next_at ${TS}`,
      `http_status ${I32}`,
      `code ${TXT}`,
      `reason ${TXT}`,
      `created_at ${TS} NOT NULL`,
      `finished_at ${TS}`,
      'UNIQUE (channel_id, event_id)',
    ),
    `CREATE INDEX notification_delivery_waiting ON notification_delivery (channel_id, next_at) WHERE state = 'waiting'`,
    `CREATE INDEX notification_delivery_state ON notification_delivery (channel_id, state, finished_at)`,
    // One row at most: the last event of the outbox that was planned.
    table('notification_position', `id ${I32} PRIMARY KEY`, `event_id ${I64} NOT NULL`),
    table('notice', `key ${TXT} PRIMARY KEY`, `at ${TS} NOT NULL`),
  ],
};
