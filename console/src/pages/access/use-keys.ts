import { useQueries } from '@tanstack/react-query';
import { $api, type Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';

type User = Schema<'User'>;

/** An access key or a robot token, as one list shows them. */
export type KeyRow = { readonly id: string; readonly user: User } & (
  | { readonly kind: 'accessKey'; readonly key: Schema<'AccessKey'> }
  | { readonly kind: 'token'; readonly token: Schema<'Token'> }
);

/** Whether it can be used now. */
export function stateOf(row: KeyRow): 'active' | 'disabled' | 'expired' {
  const end = row.kind === 'token' ? row.token.expiresAt : row.key.expiresAt;
  if (end !== null && Date.parse(end) <= Date.now()) return 'expired';
  return row.user.disabled || (row.kind === 'accessKey' && !row.key.active) ? 'disabled' : 'active';
}

/** Keys and tokens of users, the newest first. */
export function useKeys(users: readonly User[] | undefined) {
  const { mayEverywhere: may } = useSession();
  const path = (id: number) => ({ params: { path: { id: String(id) } } });
  const keys = useQueries({
    queries: (may('drydock:key:read') ? (users ?? []) : []).map((user) => ({
      ...$api.queryOptions('get', '/api/v1/users/{id}/keys', path(user.id)),
    })),
  });
  const tokens = useQueries({
    queries: (may('drydock:token:read') ? (users ?? []) : []).map((user) => ({
      ...$api.queryOptions('get', '/api/v1/users/{id}/tokens', path(user.id)),
    })),
  });
  const rows = (users ?? []).flatMap((user, index): KeyRow[] => [
    ...(keys[index]?.data?.items ?? []).map((key) => ({ kind: 'accessKey' as const, id: key.id, user, key })),
    ...(tokens[index]?.data?.items ?? []).map((token) => ({
      ...{ kind: 'token' as const, id: `token-${token.id}`, user, token },
    })),
  ]);
  const made = (row: KeyRow): string => (row.kind === 'token' ? row.token.issuedAt : row.key.createdAt);
  const all = [...keys, ...tokens];
  const isPending = users === undefined || all.some((query) => query.isPending);
  return {
    data: isPending ? undefined : rows.sort((a, b) => made(b).localeCompare(made(a))),
    error: all.find(({ error }) => error !== null)?.error ?? null,
    isPending,
    refetch: () => {
      for (const query of all) void query.refetch();
    },
  };
}
