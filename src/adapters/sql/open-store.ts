import { dirname, join } from 'node:path';
import type { AccessStore, VolatileStore } from '../../access/index.ts';
import { createAccessStore, openVolatileStore } from './access/index.ts';
import type { Db, StoreTarget } from './contract.ts';
import { openDatabase } from './open-database.ts';

/** The open store of an installation. */
export interface Store {
  readonly db: Db;
  readonly access: AccessStore;
  readonly volatile: VolatileStore;
  close(): Promise<void>;
}

/**
 * Opens everything that is kept in SQL: on PostgreSQL one database, on SQLite the file and, beside it, `volatile.db`.
 * @throws SqlError as openDatabase
 */
export async function openStore(target: StoreTarget): Promise<Store> {
  const db = await openDatabase(target);
  try {
    const volatile = await openVolatileStore(
      'url' in target ? target : { file: join(dirname(target.file), 'volatile.db') },
    );
    const close = async (): Promise<void> => {
      await volatile.close();
      await db.close();
    };
    return { db, access: createAccessStore(db), volatile, close };
  } catch (error) {
    await db.close();
    throw error;
  }
}
