import type {
  AccessControl,
  AccessKey,
  AuditEntry,
  AuditLog,
  Grant,
  PolicyStatement,
  Principal,
} from '../../src/access/index.ts';

/** Access control in memory: keys, nonces, policies; tests may look at everything. */
export interface FakeAccess extends AccessControl {
  readonly keys: Map<string, AccessKey>;
  readonly nonces: Set<string>;
  /** What was counted by `report`. */
  readonly reports: { readonly accessKeyId: string; readonly success: boolean }[];
  /** ms that everybody is asked to wait. */
  throttleMs: number;
  /** ms that everybody is locked out. */
  lockedMs: number;
}

/** Allow or deny of some actions in some projects. */
export function grant(
  actions: readonly string[],
  projects: Grant['projects'] = 'all',
  effect: PolicyStatement['effect'] = 'Allow',
): Grant {
  return { policy: { name: `${effect} ${actions}`, builtIn: false, statements: [{ effect, actions }] }, projects };
}

/** Somebody with grants. */
export function principal(name: string, grants: readonly Grant[], kind: Principal['kind'] = 'user'): Principal {
  return { kind, userId: name.length, name, accessKeyId: null, grants, sessionPolicy: null };
}

/** An active permanent key. */
export function accessKey(id: string, secret: string, owner: Principal, over: Partial<AccessKey> = {}): AccessKey {
  return { id, secret, active: true, principal: { ...owner, accessKeyId: id }, session: null, ...over };
}

const matchesAction = (pattern: string, action: string): boolean => {
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  const text = action.toLowerCase();
  if (rest.length === 0) return text === first;
  return text.startsWith(first) && text.endsWith(rest.at(-1) ?? '');
};

/** Access control over the keys given. */
export function createFakeAccess(keys: readonly AccessKey[]): FakeAccess {
  const fake: FakeAccess = {
    account: { number: 1000, name: 'acme', domainId: 'd'.repeat(32), projectId: 'e'.repeat(32), region: 'cn-hangzhou' },
    keys: new Map(keys.map((key) => [key.id, key])),
    nonces: new Set(),
    reports: [],
    throttleMs: 0,
    lockedMs: 0,
    findKey: async (id) => fake.keys.get(id),
    readSessionToken: (token) =>
      /^[A-Za-z0-9+/=_.~-]{1,8192}$/.test(token) ? { accessKeyId: 'any', expiresAt: 0 } : undefined,
    byToken: async () => undefined,
    signIn: async () => {
      throw new Error('the fake signs nobody in');
    },
    useNonce: async (id, nonce) => {
      const name = `${id} ${nonce}`;
      if (fake.nonces.has(name)) return false;
      fake.nonces.add(name);
      return true;
    },
    report: async ({ accessKeyId }, success) => {
      fake.reports.push({ accessKeyId, success });
    },
    lockedFor: async () => fake.lockedMs,
    throttle: () => fake.throttleMs,
    decide: ({ grants }, action) => {
      const matching = grants.flatMap(({ policy, projects }) =>
        policy.statements
          .filter(({ actions }) => actions.some((pattern) => matchesAction(pattern, action)))
          .map(({ effect }) => ({ effect, projects })),
      );
      if (matching.some(({ effect }) => effect === 'Deny')) return { allowed: false, reason: 'explicit_deny' };
      if (matching.length === 0) return { allowed: false, reason: 'implicit_deny' };
      if (matching.some(({ projects }) => projects === 'all')) return { allowed: true, projects: 'all' };
      return { allowed: true, projects: matching.flatMap(({ projects }) => (projects === 'all' ? [] : projects)) };
    },
    projects: async () => [
      { id: 1, name: 'default', extId: '0' },
      { id: 2, name: 'bank', extId: '7b0e6f2f-6a5a-4c0d-8f0e-3c4b7a1d2e3f' },
    ],
  };
  return fake;
}

/** An audit log that remembers. */
export function createFakeAudit(): AuditLog & { readonly entries: AuditEntry[] } {
  const entries: AuditEntry[] = [];
  return {
    entries,
    record: async (entry) => {
      entries.push(entry);
    },
  };
}
