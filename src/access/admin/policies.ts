import type { AccessAdmin } from '../admin-contract.ts';
import { AccessError } from '../errors.ts';
import { builtInPolicies } from '../policy/built-in.ts';
import { checkPolicyName, checkStatements } from './checks.ts';
import type { AdminDeps } from './deps.ts';

/** Custom policies, beside those that come along. */
export function createPolicyAdmin({
  store,
  now,
}: AdminDeps): Pick<AccessAdmin, 'policies' | 'putPolicy' | 'removePolicy'> {
  return {
    async policies() {
      const custom = await store.policies();
      return [...builtInPolicies, ...custom.map((policy) => ({ ...policy, builtIn: false }))];
    },
    async putPolicy(actor, name, statements) {
      refuseBuiltIn(checkPolicyName(name));
      const checked = checkStatements(statements);
      await store.write(async (writer) => {
        const before = (await writer.policies()).find((policy) => policy.name === name)?.statements ?? null;
        await writer.putPolicy({ name, statements: checked }, now());
        const detail = { before, after: checked };
        await writer.audit({ actor, action: 'policy.put', object: `policy:${name}`, projectId: null, detail });
      });
    },
    async removePolicy(actor, name) {
      refuseBuiltIn(name);
      return store.write(async (writer) => {
        if ((await writer.holders(name)).length > 0) {
          throw new AccessError('access_in_use', 'Users have this policy.', { hint: 'Take it from them first.' });
        }
        const removed = await writer.removePolicy(name);
        if (removed) {
          await writer.audit({ actor, action: 'policy.remove', object: `policy:${name}`, projectId: null, detail: {} });
        }
        return removed;
      });
    },
  };
}

function refuseBuiltIn(name: string): void {
  if (builtInPolicies.some((policy) => policy.name === name)) {
    throw new AccessError('built_in_policy', `The policy ${name} comes with Drydock and cannot be changed.`, {
      field: 'name',
    });
  }
}
