import type { AuditEntry, PolicyStatement, Project } from './contract.ts';

/** A user as it is stored. */
export interface UserRow {
  readonly id: number;
  readonly name: string;
  /** 32 hex digits. */
  readonly extId: string;
  /** scrypt hash; null for users that have only keys. */
  readonly password: string | null;
  readonly disabled: boolean;
  /** Rises when password or grants change: sign-ins of before end. */
  readonly epoch: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface GrantRow {
  readonly policy: string;
  readonly projects: 'all' | readonly number[];
}

export interface PolicyRow {
  readonly name: string;
  readonly statements: readonly PolicyStatement[];
}

export interface KeyRow {
  readonly id: string;
  readonly userId: number;
  /** Sealed. */
  readonly secret: Uint8Array;
  readonly disabled: boolean;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
}

/** A bearer token. `login` tokens end with the epoch of their user; `robot` tokens only by themselves. */
export interface TokenRow {
  readonly id: number;
  readonly hash: Uint8Array;
  readonly kind: 'login' | 'robot';
  readonly userId: number;
  readonly epoch: number;
  readonly name: string | null;
  readonly projectExtId: string | null;
  readonly statements: readonly PolicyStatement[] | null;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly lastUsedAt: number | null;
}

/** A temporary access key. `secret` seals key and token together. */
export interface SessionRow {
  readonly id: string;
  readonly userId: number;
  readonly name: string;
  readonly secret: Uint8Array;
  readonly statements: readonly PolicyStatement[] | null;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

export interface AuditRow {
  readonly seq: number;
  readonly at: number;
  readonly actor: string;
  readonly userId: number | null;
  readonly accessKeyId: string | null;
  readonly address: string | null;
  readonly requestId: string;
  readonly action: string;
  readonly object: string;
  readonly projectId: number | null;
  /** JSON, redacted. */
  readonly detail: string;
  readonly prevHash: Uint8Array;
  readonly hash: Uint8Array;
}

/** Which entries of the audit log; `action` and `object` may end in `*`. */
export interface AuditQuery {
  readonly before: number | null;
  readonly limit: number;
  readonly action?: string;
  readonly object?: string;
  readonly user?: string;
}

export interface AccessReader {
  users(): Promise<readonly UserRow[]>;
  user(id: number): Promise<UserRow | null>;
  userByName(name: string): Promise<UserRow | null>;
  grants(userId: number): Promise<readonly GrantRow[]>;
  /** Grants of every user of a policy. */
  holders(policy: string): Promise<readonly { readonly userId: number; readonly projects: GrantRow['projects'] }[]>;
  policies(): Promise<readonly PolicyRow[]>;
  projects(): Promise<readonly Project[]>;
  key(id: string): Promise<KeyRow | null>;
  keys(userId: number): Promise<readonly KeyRow[]>;
  token(hash: Uint8Array): Promise<TokenRow | null>;
  /** Robot tokens of a user. */
  robotTokens(userId: number): Promise<readonly TokenRow[]>;
  session(id: string): Promise<SessionRow | null>;
  /** JSON; null when it was never set. */
  setting(key: string): Promise<unknown>;
}

/** Changes of one transaction, and what it reads. */
export interface AccessWriter extends AccessReader {
  addUser(user: Omit<UserRow, 'id'>): Promise<UserRow>;
  updateUser(user: UserRow): Promise<void>;
  /** With grants, keys, tokens and sessions. */
  removeUser(id: number): Promise<void>;
  setGrants(userId: number, grants: readonly GrantRow[]): Promise<void>;
  putPolicy(policy: PolicyRow, now: number): Promise<void>;
  removePolicy(name: string): Promise<boolean>;
  addProject(project: Omit<Project, 'id'>, now: number): Promise<Project>;
  renameProject(id: number, name: string): Promise<Project | null>;
  removeProject(id: number): Promise<boolean>;
  addKey(key: KeyRow): Promise<void>;
  updateKey(id: string, change: { readonly disabled?: boolean; readonly expiresAt?: number | null }): Promise<void>;
  removeKey(id: string): Promise<boolean>;
  addToken(token: Omit<TokenRow, 'id'>): Promise<TokenRow>;
  removeToken(id: number): Promise<boolean>;
  addSession(session: SessionRow): Promise<void>;
  setSetting(key: string, value: unknown): Promise<void>;
  /** Part of the transaction: stands in the log exactly when the change does. */
  audit(entry: AuditEntry): Promise<void>;
}

/** Users, rights, keys and the audit log, durable. */
export interface AccessStore extends AccessReader {
  /** Counts the changes of {@link write}, by every process: what was read before the last one is old. */
  revision(): Promise<number>;
  /** Changes that happen together, one such transaction at a time. Raises the revision. */
  write<T>(work: (writer: AccessWriter) => Promise<T>): Promise<T>;
  /** Adds a sign-in token; no change of rights, so the revision stays. */
  addLogin(token: Omit<TokenRow, 'id'>, entry: AuditEntry): Promise<void>;
  removeTokenByHash(hash: Uint8Array, entry: AuditEntry): Promise<boolean>;
  /** Remembers when keys (by id) and tokens (by number) were last used. */
  touch(keys: ReadonlyMap<string, number>, tokens: ReadonlyMap<number, number>): Promise<void>;
  /** Removes tokens and sessions that ended before a time. */
  sweep(before: number): Promise<void>;
  /** Durable when it resolves; entries that come at the same time share a transaction. */
  record(entry: AuditEntry): Promise<void>;
  auditPage(query: AuditQuery): Promise<readonly AuditRow[]>;
  /** Entries behind a number, ascending, at most `limit`. */
  auditAfter(seq: number, limit: number): Promise<readonly AuditRow[]>;
  /** Number and hash of the newest entry, kept apart from the entries. */
  auditHead(): Promise<{ readonly seq: number; readonly hash: Uint8Array }>;
}

/**
 * What all nodes share but may lose when the machine loses power: nonces and lock-outs. It survives a restart of the
 * program, and no signed request waits for a disk.
 */
export interface VolatileStore {
  /** False when it is taken at `now`. */
  takeNonce(hash: Uint8Array, now: number, expiresAt: number): Promise<boolean>;
  /** Failures in a row; a series ends when nothing was added for `decayMs`. */
  addFailure(subject: string, now: number, decayMs: number): Promise<number>;
  lock(subject: string, until: number): Promise<void>;
  lockouts(subjects: readonly string[]): Promise<readonly { readonly subject: string; readonly until: number }[]>;
  clear(subjects: readonly string[]): Promise<void>;
  /** Removes nonces that have ended and lock-outs untouched since a time. */
  sweep(now: number, lockoutsBefore: number): Promise<void>;
}
