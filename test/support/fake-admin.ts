import type { AccessAdmin, AuditRecord, UserRecord } from '../../src/access/index.ts';

/** Administration of access in memory: one administrator (1) and one viewer (2). */
export function createFakeAdmin(
  signedOut: string[] = [],
): AccessAdmin & { readonly list: UserRecord[]; readonly entries: AuditRecord[] } {
  const at = Date.UTC(2026, 10, 1);
  const user = (id: number, name: string): UserRecord => ({
    id,
    name,
    hasPassword: true,
    disabled: false,
    grants: [],
    createdAt: at,
    updatedAt: at,
  });
  const list = [user(1, 'admin'), user(2, 'viewer')];
  const policies = new Map<string, { name: string; builtIn: boolean; statements: never[] }>();
  const entries: AuditRecord[] = [];
  const change = (id: number, changed: Partial<UserRecord>): UserRecord | null => {
    const index = list.findIndex((one) => one.id === id);
    const old = list[index];
    if (old === undefined) return null;
    list[index] = { ...old, ...changed };
    return list[index] ?? null;
  };
  const key = { userId: 1, active: true, createdAt: at, expiresAt: null, lastUsedAt: null };
  const token = { userId: 1, name: 'robot', policy: null, issuedAt: at, expiresAt: at + 1000, lastUsedAt: null };
  return {
    list,
    entries,
    users: async () => list,
    addUser: async (_actor, { name, password }) => {
      const made = { ...user(list.length + 1, name), hasPassword: password !== null };
      list.push(made);
      return made;
    },
    updateUser: async (_actor, id, { disabled }) => change(id, disabled === undefined ? {} : { disabled }),
    removeUser: async (_actor, id) => list.some((one) => one.id === id),
    setGrants: async (_actor, id, grants) => change(id, { grants }),
    policies: async () => [...policies.values()],
    putPolicy: async (_actor, name, statements) => {
      policies.set(name, { name, builtIn: false, statements: statements as never });
    },
    removePolicy: async (_actor, name) => policies.delete(name),
    addProject: async (_actor, name) => ({ id: 3, name, extId: 'c'.repeat(32) }),
    renameProject: async (_actor, id, name) => (id < 3 ? { id, name, extId: 'c'.repeat(32) } : null),
    removeProject: async (_actor, id) => id < 3,
    keys: async () => [{ id: 'AK1', ...key }],
    addKey: async (_actor, userId) => ({ key: { id: 'AK2', ...key, userId }, secret: 'the-secret-of-ak2' }),
    rotateKey: async (_actor, id) =>
      id.startsWith('AK') ? { key: { id: 'AK3', ...key }, secret: 'the-secret-of-ak3' } : null,
    issueTemporaryKey: async () => ({ accessKeyId: 'STS.1', secret: 's', token: 't', expiresAt: at }),
    exportAudit: async function* () {
      for (const entry of entries) yield JSON.stringify(entry);
    },
    setKeyActive: async (_actor, id, active) => (id.startsWith('AK') ? { id, ...key, active } : null),
    removeKey: async (_actor, id) => id.startsWith('AK'),
    tokens: async () => [{ id: 1, ...token }],
    addToken: async (_actor, userId) => ({ token: { id: 2, ...token, userId }, secret: 'the-secret-of-2' }),
    removeToken: async (_actor, _userId, id) => id < 3,
    signOut: async (_actor, text) => {
      signedOut.push(text);
    },
    audit: async ({ before, limit }) => entries.filter(({ seq }) => before === null || seq < before).slice(0, limit),
    verifyAudit: async () => ({ entries: entries.length, firstWrong: null }),
  };
}
