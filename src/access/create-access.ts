import { createAccessControl } from './access-control.ts';
import { type AccountNames, type FirstAdministrator, prepareAccount } from './account.ts';
import { createAuditAdmin } from './admin/audit.ts';
import { createKeyAdmin } from './admin/keys.ts';
import { createPolicyAdmin } from './admin/policies.ts';
import { createProjectAdmin } from './admin/projects.ts';
import { createTokenAdmin } from './admin/tokens.ts';
import { createUserAdmin } from './admin/users.ts';
import type { AccessAdmin } from './admin-contract.ts';
import type { AccessControl, AuditLog, Sealer } from './contract.ts';
import { Directory } from './directory.ts';
import type { AccessStore, VolatileStore } from './ports.ts';
import { decayMs, Lockout } from './sign-in/lockout.ts';
import { endedKeptMs } from './sign-in/session-token.ts';
import { createSignIn } from './sign-in/sign-in.ts';
import { type RequestBudget, Throttle } from './sign-in/throttle.ts';
import { Usage } from './usage.ts';

/** What access needs from outside. */
export interface AccessDeps {
  readonly store: AccessStore;
  readonly volatile: VolatileStore;
  readonly sealer: Sealer;
  /** ms since 1970 UTC */
  readonly now: () => number;
  readonly names: AccountNames;
  /** Access key of the first administrator; null: a random one, with a password. */
  readonly bootstrap: { readonly id: string; readonly secret: string } | null;
  readonly budget?: RequestBudget;
}

/** Access control, administration and the audit log of one process. */
export interface Access {
  readonly control: AccessControl;
  readonly admin: AccessAdmin;
  readonly audit: AuditLog;
  /** To be shown once; null when the store had users already. */
  readonly firstAdministrator: FirstAdministrator | null;
  /** Removes what has ended and stores what is pending; call about once a minute. */
  maintain(): Promise<void>;
  /** Stores what is pending. */
  close(): Promise<void>;
}

const defaultBudget: RequestBudget = { burst: 400, perSecond: 200 };

/**
 * Makes the access part; on an empty store also account, default project and first administrator.
 * @throws AccessError `master_key_mismatch`, `invalid_access_input`
 */
export async function createAccess(deps: AccessDeps): Promise<Access> {
  const { store, volatile, sealer, now } = deps;
  const { account, firstAdministrator } = await prepareAccount(store, sealer, deps.names, now(), deps.bootstrap);
  const directory = new Directory(store);
  await directory.refresh();
  const lockout = new Lockout(volatile, now);
  const usage = new Usage(store, now);
  const throttle = new Throttle(deps.budget ?? defaultBudget, now);
  const signIn = createSignIn({ store, directory, lockout, now });
  const parts = { account, store, volatile, sealer, directory, lockout, throttle, usage, signIn, now };
  return {
    control: createAccessControl(parts),
    admin: createAccessAdmin(deps),
    audit: { record: (entry) => store.record(entry) },
    firstAdministrator,
    async maintain() {
      await usage.flush();
      await volatile.sweep(now(), now() - decayMs);
      await store.sweep(now() - endedKeptMs);
    },
    close: () => usage.flush(),
  };
}

/** Administration alone, for commands that work on a store without serving it. */
export function createAccessAdmin(deps: Pick<AccessDeps, 'store' | 'sealer' | 'now'>): AccessAdmin {
  return {
    ...createUserAdmin(deps),
    ...createPolicyAdmin(deps),
    ...createProjectAdmin(deps),
    ...createKeyAdmin(deps),
    ...createTokenAdmin(deps),
    ...createAuditAdmin(deps),
  };
}
