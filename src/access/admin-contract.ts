import type { Actor, PolicyStatement, Project } from './contract.ts';

/** A person or machine that may sign in. */
export interface UserRecord {
  readonly id: number;
  readonly name: string;
  readonly hasPassword: boolean;
  readonly disabled: boolean;
  readonly grants: readonly GrantRecord[];
  /** ms since 1970 UTC, as all times here. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A policy that a user has, for some projects or for all. */
export interface GrantRecord {
  readonly policy: string;
  readonly projects: 'all' | readonly number[];
}

/** An access key without its secret. */
export interface KeyRecord {
  readonly id: string;
  readonly userId: number;
  readonly active: boolean;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  /** Up to a minute behind. */
  readonly lastUsedAt: number | null;
}

/** A robot token without its text. */
export interface TokenRecord {
  readonly id: number;
  readonly userId: number;
  readonly name: string | null;
  /** Narrows the rights of the user; null = all of them. */
  readonly policy: readonly PolicyStatement[] | null;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly lastUsedAt: number | null;
}

/** One entry of the audit log as it is read back. */
export interface AuditRecord {
  readonly seq: number;
  readonly at: number;
  readonly actor: Actor;
  readonly action: string;
  readonly object: string;
  readonly projectId: number | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A temporary access key with its token (STS). */
export interface TemporaryKey {
  readonly accessKeyId: string;
  readonly secret: string;
  readonly token: string;
  readonly expiresAt: number;
}

/**
 * Administration of access. Every change is in the audit log exactly when it happened. Null or false: there is no such
 * thing. @throws AccessError `invalid_access_input`, `access_name_taken`, `access_in_use`, `built_in_policy`, `last_owner`
 */
export interface AccessAdmin {
  users(): Promise<readonly UserRecord[]>;
  addUser(actor: Actor, user: { readonly name: string; readonly password: string | null }): Promise<UserRecord>;
  /** A new password ends all sign-ins of the user; a disabled user can do nothing. */
  updateUser(
    actor: Actor,
    id: number,
    change: { readonly password?: string | null; readonly disabled?: boolean },
  ): Promise<UserRecord | null>;
  removeUser(actor: Actor, id: number): Promise<boolean>;
  /** Replaces all grants; ends all sign-ins of the user. */
  setGrants(actor: Actor, userId: number, grants: readonly GrantRecord[]): Promise<UserRecord | null>;
  policies(): Promise<
    readonly { readonly name: string; readonly builtIn: boolean; readonly statements: readonly PolicyStatement[] }[]
  >;
  putPolicy(actor: Actor, name: string, statements: readonly PolicyStatement[]): Promise<void>;
  removePolicy(actor: Actor, name: string): Promise<boolean>;
  /** @param extId UUID to use instead of a new one */
  addProject(actor: Actor, name: string, extId?: string): Promise<Project>;
  renameProject(actor: Actor, id: number, name: string): Promise<Project | null>;
  /** Only when nothing belongs to it. */
  removeProject(actor: Actor, id: number): Promise<boolean>;
  keys(userId: number): Promise<readonly KeyRecord[]>;
  /** The secret is in this answer and never again. */
  addKey(
    actor: Actor,
    userId: number,
    expiresAt: number | null,
  ): Promise<{ readonly key: KeyRecord; readonly secret: string } | null>;
  /** A second key for the same user; the first one ends after the overlap. */
  rotateKey(
    actor: Actor,
    id: string,
    overlapMs: number,
  ): Promise<{ readonly key: KeyRecord; readonly secret: string } | null>;
  setKeyActive(actor: Actor, id: string, active: boolean): Promise<KeyRecord | null>;
  removeKey(actor: Actor, id: string): Promise<boolean>;
  tokens(userId: number): Promise<readonly TokenRecord[]>;
  addToken(
    actor: Actor,
    userId: number,
    token: {
      readonly name: string;
      readonly statements: readonly PolicyStatement[] | null;
      readonly expiresAt: number;
    },
  ): Promise<{ readonly token: TokenRecord; readonly secret: string } | null>;
  removeToken(actor: Actor, userId: number, id: number): Promise<boolean>;
  /** A temporary key with the user's rights, narrowed by the statements; 15 minutes to 12 hours. */
  issueTemporaryKey(
    actor: Actor,
    userId: number,
    session: {
      readonly name: string;
      readonly durationMs: number;
      readonly statements: readonly PolicyStatement[] | null;
    },
  ): Promise<TemporaryKey | null>;
  /** Ends the sign-in or robot token with this text. */
  signOut(actor: Actor, token: string): Promise<void>;
  /** Newest first, behind a number. */
  audit(query: {
    readonly before: number | null;
    readonly limit: number;
    /** Exact, or with `*` at the end. */
    readonly action?: string;
    readonly object?: string;
    /** Name of the actor. */
    readonly user?: string;
  }): Promise<readonly AuditRecord[]>;
  /** The whole log, oldest first, one JSON document per line, with the hashes. */
  exportAudit(): AsyncIterable<string>;
  /** Checks the chain of hashes; number of the first entry that does not fit, null = all fit. */
  verifyAudit(): Promise<{ readonly entries: number; readonly firstWrong: number | null }>;
}
