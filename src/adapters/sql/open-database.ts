import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Dialect,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Transaction,
} from 'kysely';
import { hasCode } from '../../kernel/index.ts';
import { insertRows } from './bulk.ts';
import type { Engine } from './column-types.ts';
import type { Db, StoreTarget } from './contract.ts';
import { migrate } from './migrations/migrate.ts';
import { insideTransaction } from './nesting.ts';
import { PostgresDriver } from './postgres/driver.ts';
import { SqliteDriver } from './sqlite/driver.ts';
import type { Tables } from './tables.ts';

const attempts = 8;

/**
 * Opens a store and brings its schema up to date; several processes may do so at once.
 * @throws SqlError `store_newer` when a newer Drydock has migrated it, `store_unavailable`, `store_unreadable`, `store_damaged`
 */
export async function openDatabase(target: StoreTarget): Promise<Db> {
  const engine: Engine = 'url' in target ? 'postgres' : 'sqlite';
  const kysely = new Kysely<Tables>({ dialect: dialectOf(target, true) });
  const db = createDb(kysely, engine);
  try {
    await migrate(db);
  } catch (error) {
    await db.close().catch(() => undefined);
    throw error;
  }
  return db;
}

function createDb(kysely: Kysely<Tables>, dialect: Engine): Db {
  const transaction = <T>(work: (trx: Transaction<Tables>) => Promise<T>): Promise<T> =>
    retried(() => kysely.transaction().execute((trx) => insideTransaction(() => work(trx))));
  return {
    kysely,
    dialect,
    transaction,
    snapshot: (work) => kysely.transaction().setAccessMode('read only').execute(work),
    bulkInsert(table, columns, rows, options = {}) {
      const target = { table, columns, skipConflicts: options.skipConflicts ?? false };
      const insert = (trx: Kysely<Tables>): Promise<number> => insertRows(trx, dialect, target, rows);
      // Rows may come from a generator, which cannot be repeated: no second attempt.
      return options.trx === undefined
        ? kysely.transaction().execute((trx) => insideTransaction(() => insert(trx)))
        : insert(options.trx);
    },
    close: () => kysely.destroy(),
  };
}

async function retried<T>(step: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step();
    } catch (error) {
      if (attempt >= attempts || !hasCode(error, 'serialization_failure')) throw error;
      await sleep(Math.random() * 2 ** attempt * 4);
    }
  }
}

/** Our driver has its own lock for writers; Kysely's would make readers wait as well. */
class ConcurrentSqliteAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

/**
 * How Kysely speaks to a store.
 * @param durable false: the last commits may be lost when the machine loses power
 */
export function dialectOf(target: StoreTarget, durable: boolean): Dialect {
  return 'url' in target ? postgresDialect(target, durable) : sqliteDialect(target.file, durable);
}

function sqliteDialect(file: string, durable: boolean): Dialect {
  return {
    createAdapter: () => new ConcurrentSqliteAdapter(),
    createDriver: () => new SqliteDriver(file, durable ? 'FULL' : 'NORMAL'),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

function postgresDialect(target: Extract<StoreTarget, { url: string }>, durable: boolean): Dialect {
  const { url, poolSize = 10, statementTimeoutMs = 120_000 } = target;
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new PostgresDriver({ url, poolSize, statementTimeoutMs, durable }),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}
