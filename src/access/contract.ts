/**
 * One rule of a policy. Actions are `yundun-sas:<Operation>` (Alibaba facade), `hss:<resource>:<verb>` (Huawei facade)
 * and `drydock:<resource>:<verb>` (native API); `*` matches any characters, case is ignored.
 */
export interface PolicyStatement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
}

/** A named set of rules. An explicit Deny wins; what nothing allows is denied. Roles are policies that come along. */
export interface Policy {
  readonly name: string;
  readonly builtIn: boolean;
  readonly statements: readonly PolicyStatement[];
}

/** A policy that a user has, for some projects or for all. */
export interface Grant {
  readonly policy: Policy;
  readonly projects: 'all' | readonly number[];
}

/** Somebody who was authenticated, with all rights. */
export interface Principal {
  readonly kind: 'user' | 'session';
  readonly userId: number;
  readonly name: string;
  readonly accessKeyId: string | null;
  readonly grants: readonly Grant[];
  /** Narrows a session further; null = as the user. */
  readonly sessionPolicy: Policy | null;
}

/** Answer to "may this principal do this there". */
export type Decision =
  | { readonly allowed: true; readonly projects: 'all' | readonly number[] }
  | { readonly allowed: false; readonly reason: 'explicit_deny' | 'implicit_deny' };

/** An access key as the verifier of a signature needs it. */
export interface AccessKey {
  readonly id: string;
  /** Opened from its seal; only signature verification may look at it. */
  readonly secret: string;
  readonly active: boolean;
  readonly principal: Principal;
  /** For temporary keys: the token that must come along, and its end in ms. */
  readonly session: { readonly token: string; readonly expiresAt: number } | null;
}

/** A project: the unit of rights. The enterprise project of the Huawei facade. */
export interface Project {
  readonly id: number;
  readonly name: string;
  /** `0` for the default project, else a UUID: `enterprise_project_id`. */
  readonly extId: string;
}

/** The account (this installation) as the cloud facades show it. */
export interface Account {
  /** Number shown as `AliUid`. */
  readonly number: number;
  readonly name: string;
  /** 32 hex digits each: domain and project of the Huawei facade. */
  readonly domainId: string;
  readonly projectId: string;
  /** Name of that project: the region. */
  readonly region: string;
}

/** What facades ask of authentication and authorisation; every answer is free of timing differences by intent. */
export interface AccessControl {
  readonly account: Account;
  /** The key, also when it is disabled; undefined when it is unknown. */
  findKey(accessKeyId: string): Promise<AccessKey | undefined>;
  /** What the token of a temporary key says of itself (end in ms); undefined when it was not made here. */
  readSessionToken(token: string): { readonly accessKeyId: string; readonly expiresAt: number } | undefined;
  /** Principal of a bearer token (Huawei token, console session, robot token). */
  byToken(
    token: string,
  ): Promise<
    | { readonly principal: Principal; readonly projectExtId: string | null; readonly expiresAt: number }
    | { readonly expiredAt: number }
    | undefined
  >;
  /** Password sign-in: issues a token of 24 hours. @throws AccessError `bad_credentials`, `locked` */
  signIn(input: {
    readonly name: string;
    readonly password: string;
    readonly address: string;
    readonly projectExtId: string | null;
  }): Promise<{
    readonly token: string;
    readonly issuedAt: number;
    readonly expiresAt: number;
    readonly principal: Principal;
  }>;
  /** False when this key has used this nonce within the window. Recorded for all nodes. */
  useNonce(accessKeyId: string, nonce: string, windowMs: number): Promise<boolean>;
  /** Counts a failed or successful authentication. */
  report(subject: { readonly accessKeyId: string; readonly address: string }, success: boolean): Promise<void>;
  /** Whether the key or the address is locked out now; ms until it ends, 0 = free. */
  lockedFor(subject: { readonly accessKeyId: string; readonly address: string }): Promise<number>;
  /** Request budget of a principal; ms to wait, 0 = go on. */
  throttle(principal: Principal): number;
  decide(principal: Principal, action: string): Decision;
  projects(): Promise<readonly Project[]>;
}

/** Who does something, for the audit log. Holds no secret. */
export interface Actor {
  /** Name of the user or role session; `system` for schedules and hooks. */
  readonly name: string;
  readonly userId: number | null;
  readonly accessKeyId: string | null;
  /** Address of the client; null for work that Drydock does by itself. */
  readonly address: string | null;
  readonly requestId: string;
}

/** One entry of the audit log; `detail` is redacted by type before it is stored. */
export interface AuditEntry {
  readonly actor: Actor;
  /** `registry.add`, `fix.order`, `AddImageVulWhiteList` … */
  readonly action: string;
  /** What it was done to: `registry:12`, `image:<uuid>`. */
  readonly object: string;
  readonly projectId: number | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Append-only and hash-chained: one record for every accepted change and every export or secret access. */
export interface AuditLog {
  record(entry: AuditEntry): Promise<void>;
}

/**
 * Encrypts small secrets with the master key, which is not in the database. What was sealed for one context (the name
 * of its place, such as `access_key:DK…`) does not open for another. @throws AccessError `sealed_data_damaged`, `master_key_mismatch`
 */
export interface Sealer {
  /** Names the key that seals; eight hex digits. */
  readonly keyId: string;
  seal(bytes: Uint8Array, context?: string): Uint8Array;
  open(sealed: Uint8Array, context?: string): Uint8Array;
}
