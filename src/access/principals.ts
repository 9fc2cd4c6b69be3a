import type { Grant, Policy, PolicyStatement, Principal } from './contract.ts';
import { builtInPolicies } from './policy/built-in.ts';
import type { AccessReader, GrantRow, UserRow } from './ports.ts';

const builtIn = new Map(builtInPolicies.map((policy) => [policy.name, policy]));

/** A policy by name: built in or made here; undefined when it is gone. */
export async function findPolicies(reader: AccessReader): Promise<ReadonlyMap<string, Policy>> {
  const custom = await reader.policies();
  return new Map([
    ...custom.map(({ name, statements }): [string, Policy] => [name, { name, builtIn: false, statements }]),
    ...builtIn,
  ]);
}

/** Grants with the statements of their policies. A grant of a policy that is gone allows nothing. */
export function grantsOf(rows: readonly GrantRow[], policies: ReadonlyMap<string, Policy>): readonly Grant[] {
  return rows.flatMap(({ policy, projects }) => {
    const found = policies.get(policy);
    return found === undefined ? [] : [{ policy: found, projects }];
  });
}

/** A user as somebody who was authenticated by a password, a key or a token. */
export function principalOf(
  user: UserRow,
  grants: readonly Grant[],
  by: {
    readonly accessKeyId?: string;
    readonly session?: { readonly name: string; readonly statements: readonly PolicyStatement[] | null };
  } = {},
): Principal {
  const statements = by.session?.statements ?? null;
  return {
    kind: by.session === undefined ? 'user' : 'session',
    userId: user.id,
    name: by.session?.name ?? user.name,
    accessKeyId: by.accessKeyId ?? null,
    grants,
    sessionPolicy: statements === null ? null : { name: 'session', builtIn: false, statements },
  };
}
