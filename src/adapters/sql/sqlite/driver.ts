import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult, TransactionSettings } from 'kysely';
import { batchOf } from '../batch.ts';
import { refuseNested } from '../nesting.ts';
import { resultCode, translateSqlite } from './errors.ts';
import { retryBusy, SqliteHandle } from './handle.ts';
import { Mutex } from './mutex.ts';

const readOnlyResult = 8;

/**
 * SQLite in write-ahead mode: one writing connection, guarded by a lock of this process, and reading connections that
 * never wait for it. Several processes may have the file open.
 */
export class SqliteDriver implements Driver {
  readonly #file: string;
  readonly #lock = new Mutex();
  readonly #idleReaders: SqliteHandle[] = [];
  readonly #open = new Set<SqliteHandle>();
  readonly #synchronous: 'FULL' | 'NORMAL';
  #writer: SqliteHandle | undefined;
  #reader: SqliteHandle | undefined;

  /** @param synchronous `NORMAL`: the last commits may be lost when the machine loses power, none when the program ends */
  constructor(file: string, synchronous: 'FULL' | 'NORMAL') {
    this.#file = file;
    this.#synchronous = synchronous;
  }

  async init(): Promise<void> {
    try {
      await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
      // Made before SQLite does, so that nobody else can read it; its companions inherit the mode.
      await using _ = await open(this.#file, constants.O_CREAT | constants.O_RDWR, 0o600);
      this.#writer = await retryBusy(() => this.#connect(false));
      this.#reader = await retryBusy(() => this.#connect(true));
    } catch (error) {
      await this.destroy();
      throw translateSqlite(error);
    }
  }

  async acquireConnection(): Promise<SqliteConnection> {
    return new SqliteConnection(this);
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    (connection as SqliteConnection).end(false);
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    await (connection as SqliteConnection).begin(settings.accessMode === 'read only');
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as SqliteConnection).commit();
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    (connection as SqliteConnection).end(true);
  }

  async savepoint(connection: DatabaseConnection, name: string): Promise<void> {
    (connection as SqliteConnection).savepoint('SAVEPOINT', name);
  }

  async rollbackToSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    (connection as SqliteConnection).savepoint('ROLLBACK TO', name);
  }

  async releaseSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    (connection as SqliteConnection).savepoint('RELEASE', name);
  }

  async destroy(): Promise<void> {
    for (const handle of this.#open) handle.close();
    this.#open.clear();
  }

  get writer(): SqliteHandle {
    if (this.#writer === undefined) throw new TypeError('the store is not open');
    return this.#writer;
  }

  get reader(): SqliteHandle {
    if (this.#reader === undefined) throw new TypeError('the store is not open');
    return this.#reader;
  }

  /** Resolves to the function that gives the right to write back. */
  lockWriter(): Promise<() => void> {
    return this.#lock.lock();
  }

  /** A reading connection for one snapshot. */
  takeReader(): SqliteHandle {
    return this.#idleReaders.pop() ?? this.#connect(true);
  }

  giveReader(handle: SqliteHandle): void {
    if (this.#idleReaders.length < 4) this.#idleReaders.push(handle);
    else {
      this.#open.delete(handle);
      handle.close();
    }
  }

  #connect(readOnly: boolean): SqliteHandle {
    const handle = new SqliteHandle(this.#file, readOnly);
    try {
      if (!readOnly) {
        handle.database.exec('PRAGMA journal_mode = WAL');
        handle.database.exec(`PRAGMA synchronous = ${this.#synchronous}`);
        handle.database.exec('PRAGMA journal_size_limit = 67108864');
      }
      handle.database.exec('PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000; PRAGMA trusted_schema = OFF');
    } catch (error) {
      handle.close();
      throw error;
    }
    this.#open.add(handle);
    return handle;
  }
}

/** One statement, or the statements of one transaction. */
class SqliteConnection implements DatabaseConnection {
  readonly #driver: SqliteDriver;
  /** Of the transaction that is open: its handle and how to give it back. */
  #held: { handle: SqliteHandle; release: () => void } | undefined;

  constructor(driver: SqliteDriver) {
    this.#driver = driver;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const run = (handle: SqliteHandle): QueryResult<R> => handle.execute(query.sql, query.parameters, batchOf(query));
    try {
      if (this.#held !== undefined) return run(this.#held.handle);
      if (mayOnlyRead(query)) {
        try {
          return await retryBusy(() => run(this.#driver.reader));
        } catch (error) {
          if ((resultCode(error) & 0xff) !== readOnlyResult) throw error;
        }
      }
      return await this.#write(() => run(this.#driver.writer));
    } catch (error) {
      throw translateSqlite(error);
    }
  }

  async *streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    const handle = this.#held?.handle ?? this.#driver.takeReader();
    try {
      let rows: R[] = [];
      for (const row of handle.iterate<R>(query.sql, query.parameters)) {
        rows.push(row);
        if (rows.length < chunkSize) continue;
        yield { rows };
        rows = [];
      }
      if (rows.length > 0) yield { rows };
    } catch (error) {
      throw translateSqlite(error);
    } finally {
      if (handle !== this.#held?.handle) this.#driver.giveReader(handle);
    }
  }

  async begin(readOnly: boolean): Promise<void> {
    if (readOnly) {
      const handle = this.#driver.takeReader();
      handle.database.exec('BEGIN');
      this.#held = { handle, release: () => this.#driver.giveReader(handle) };
      return;
    }
    refuseNested();
    const release = await this.#driver.lockWriter();
    const handle = this.#driver.writer;
    try {
      await retryBusy(() => handle.database.exec('BEGIN IMMEDIATE'));
    } catch (error) {
      release();
      throw translateSqlite(error);
    }
    this.#held = { handle, release };
  }

  async commit(): Promise<void> {
    const held = this.#held;
    if (held === undefined) return;
    try {
      await retryBusy(() => held.handle.database.exec('COMMIT'));
    } catch (error) {
      throw translateSqlite(error);
    }
    this.#held = undefined;
    held.release();
  }

  /** Ends what is still open, undone; some errors of SQLite have ended the transaction already. */
  end(expected: boolean): void {
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    try {
      if (held.handle.database.isOpen && held.handle.database.isTransaction) held.handle.database.exec('ROLLBACK');
    } catch (error) {
      if (expected) throw translateSqlite(error);
    } finally {
      held.release();
    }
  }

  savepoint(verb: 'SAVEPOINT' | 'ROLLBACK TO' | 'RELEASE', name: string): void {
    this.#held?.handle.database.exec(`${verb} "${name.replaceAll('"', '""')}"`);
  }

  async #write<T>(step: () => T): Promise<T> {
    refuseNested();
    const release = await this.#driver.lockWriter();
    try {
      return await retryBusy(step);
    } finally {
      release();
    }
  }
}

/** A raw statement that begins like a query may still write; the reading connection refuses it then. */
function mayOnlyRead(query: CompiledQuery): boolean {
  if (query.query.kind === 'SelectQueryNode') return true;
  return query.query.kind === 'RawNode' && /^\s*(select|with|values|explain)\b/i.test(query.sql);
}
