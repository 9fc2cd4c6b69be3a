import { join } from 'node:path';
import type { TestContext } from 'node:test';
import {
  type Access,
  type AccessDeps,
  type AccessStore,
  type Actor,
  createAccess,
  createSealer,
  type VolatileStore,
} from '../../src/access/index.ts';
import { createAccessStore, openVolatileStore } from '../../src/adapters/sql/access/index.ts';
import type { Db, StoreTarget } from '../../src/adapters/sql/index.ts';
import type { OpenStore } from './databases.ts';

/** The access part on a new store, with a clock that the test moves. */
export interface AccessWorld {
  readonly access: Access;
  readonly db: Db;
  readonly target: StoreTarget;
  readonly store: AccessStore;
  readonly volatile: VolatileStore;
  readonly clock: { now: number };
  readonly admin: Actor;
  /** Another node on the same store. */
  second(change?: Partial<AccessDeps>): Promise<Access>;
}

/** Where a test's volatile store is. */
export function volatileTarget(target: StoreTarget): StoreTarget {
  return 'url' in target ? target : { file: join(target.file, '..', 'volatile.db') };
}

/** Key that all nodes of a test have. */
export const testMasterKey = Buffer.alloc(32, 7);

/** Opens {@link AccessWorld}; the first administrator has the key `TESTADMIN`. */
export async function accessWorld(
  t: TestContext,
  open: OpenStore,
  change: Partial<AccessDeps> = {},
): Promise<AccessWorld> {
  const { db, target } = await open(t);
  const volatile = await openVolatileStore(volatileTarget(target));
  t.after(() => volatile.close());
  const store = createAccessStore(db);
  const clock = { now: Date.UTC(2026, 10, 29) };
  const deps: AccessDeps = {
    store,
    volatile,
    sealer: createSealer([testMasterKey]),
    now: () => clock.now,
    names: { name: 'acme', region: 'cn-north-4' },
    bootstrap: { id: 'TESTADMIN', secret: 'test-admin-secret' },
    ...change,
  };
  const access = await createAccess(deps);
  const second = (other: Partial<AccessDeps> = {}): Promise<Access> => createAccess({ ...deps, ...other });
  return { access, db, target, store, volatile, clock, admin: actor('admin'), second };
}

/** Somebody who changes something. */
export function actor(name: string): Actor {
  return { name, userId: 1, accessKeyId: 'TESTADMIN', address: '192.0.2.1', requestId: 'r1' };
}
