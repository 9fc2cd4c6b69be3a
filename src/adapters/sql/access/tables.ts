import type { Generated } from 'kysely';

/** Tables of 0001-access. Times are ms since 1970 UTC, flags 0 or 1. */
export interface AccessTables {
  project: { id: Generated<number>; name: string; ext_id: string; created_at: number };
  app_user: {
    id: Generated<number>;
    name: string;
    ext_id: string;
    password: string | null;
    disabled: number;
    epoch: number;
    created_at: number;
    updated_at: number;
  };
  /** Policies that were made here; the built-in ones are in the program. `statements` is JSON. */
  policy: { name: string; statements: string; created_at: number; updated_at: number };
  /** `project_id` 0 = all projects. */
  user_grant: { user_id: number; policy: string; project_id: number };
  access_key: {
    id: string;
    user_id: number;
    secret: Uint8Array;
    disabled: number;
    created_at: number;
    expires_at: number | null;
    last_used_at: number | null;
  };
  /** Bearer tokens by the SHA-256 of their text. */
  token: {
    id: Generated<number>;
    hash: Uint8Array;
    kind: string;
    user_id: number;
    epoch: number;
    name: string | null;
    project_ext_id: string | null;
    statements: string | null;
    issued_at: number;
    expires_at: number;
    last_used_at: number | null;
  };
  /** Temporary access keys. */
  session: {
    id: string;
    user_id: number;
    name: string;
    secret: Uint8Array;
    statements: string | null;
    issued_at: number;
    expires_at: number;
  };
  audit: {
    seq: number;
    at: number;
    actor: string;
    user_id: number | null;
    access_key_id: string | null;
    address: string | null;
    request_id: string;
    action: string;
    object: string;
    project_id: number | null;
    detail: string;
    prev_hash: Uint8Array;
    hash: Uint8Array;
  };
  /** One row: the newest entry of the log. Whoever appends locks it. */
  audit_head: { id: number; seq: number; hash: Uint8Array };
}

/** Tables of the volatile store: on SQLite in a file of its own. */
export interface VolatileTables {
  nonce: { hash: Uint8Array; expires_at: number };
  lockout: { subject: string; failures: number; until_at: number; updated_at: number };
}
