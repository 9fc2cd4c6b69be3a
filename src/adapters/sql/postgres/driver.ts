import type { CompiledQuery, DatabaseConnection, Driver, QueryResult, TransactionSettings } from 'kysely';
import pg from 'pg';
import { batchOf } from '../batch.ts';
import { SqlError } from '../errors.ts';
import { refuseNested } from '../nesting.ts';
import { CopyRows } from './copy.ts';
import { translatePostgres } from './errors.ts';

export interface PostgresSettings {
  readonly url: string;
  /** Connections of this process. */
  readonly poolSize: number;
  readonly statementTimeoutMs: number;
  /** False: the last commits may be lost when the server loses power. */
  readonly durable: boolean;
}

const connectTimeoutMs = 10_000;

/** Numbers and booleans arrive as SQLite gives them: numbers below 2^53, and 0 or 1. */
const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  16: (text) => (text === 't' ? 1 : 0),
  20: safeInteger,
  1700: Number,
};

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('an integer of the store is beyond 2^53');
  return value;
}

/** PostgreSQL through a pool of connections; broken ones are thrown away. */
export class PostgresDriver implements Driver {
  readonly #pool: pg.Pool;

  constructor(settings: PostgresSettings) {
    this.#pool = new pg.Pool({
      connectionString: settings.url,
      max: settings.poolSize,
      connectionTimeoutMillis: connectTimeoutMs,
      statement_timeout: settings.statementTimeoutMs,
      idle_in_transaction_session_timeout: settings.statementTimeoutMs,
      application_name: 'drydock',
      ...(settings.durable ? {} : { options: '-c synchronous_commit=off' }),
      keepAlive: true,
      types: {
        getTypeParser: (oid: number, format?: 'text' | 'binary') => parserOf(oid, format),
      } as pg.CustomTypesConfig,
    });
    // A connection that breaks while idle is replaced by the pool; without a listener it would end the process.
    this.#pool.on('error', () => undefined);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PostgresConnection> {
    try {
      return new PostgresConnection(await this.#pool.connect());
    } catch (error) {
      throw translatePostgres(error);
    }
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    (connection as PostgresConnection).release();
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    if (settings.accessMode !== 'read only') refuseNested();
    const level =
      settings.isolationLevel ?? (settings.accessMode === 'read only' ? 'repeatable read' : 'read committed');
    const mode = settings.accessMode ?? 'read write';
    await (connection as PostgresConnection).control(
      `BEGIN ISOLATION LEVEL ${level.toUpperCase()} ${mode.toUpperCase()}`,
    );
    (connection as PostgresConnection).inTransaction = true;
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    (connection as PostgresConnection).inTransaction = false;
    const tag = await (connection as PostgresConnection).control('COMMIT');
    // A transaction with a failed statement is undone by COMMIT, without an error.
    if (tag === 'ROLLBACK')
      throw new SqlError('sql_failed', 'The transaction was undone: a statement in it had failed.');
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    (connection as PostgresConnection).inTransaction = false;
    await (connection as PostgresConnection).control('ROLLBACK');
  }

  async savepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await (connection as PostgresConnection).control(`SAVEPOINT ${pg.escapeIdentifier(name)}`);
  }

  async rollbackToSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await (connection as PostgresConnection).control(`ROLLBACK TO ${pg.escapeIdentifier(name)}`);
  }

  async releaseSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await (connection as PostgresConnection).control(`RELEASE ${pg.escapeIdentifier(name)}`);
  }

  async destroy(): Promise<void> {
    await this.#pool.end();
  }
}

function parserOf(oid: number, format: 'text' | 'binary' = 'text'): unknown {
  const own = parsers[oid];
  return own !== undefined && format === 'text' ? own : pg.types.getTypeParser(oid, format);
}

/** A connection of the pool while it is lent. */
class PostgresConnection implements DatabaseConnection {
  readonly #client: pg.PoolClient;
  inTransaction = false;
  #broken = false;
  readonly #onError = (): void => {
    this.#broken = true;
  };

  constructor(client: pg.PoolClient) {
    this.#client = client;
    client.on('error', this.#onError);
  }

  release(): void {
    this.#client.off('error', this.#onError);
    this.#client.release(this.#broken);
  }

  /** Runs a statement without values; returns its command tag. */
  async control(sql: string): Promise<string> {
    return (await this.#query(sql, [])).command;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const batch = batchOf(query);
    if (batch !== undefined) return { rows: [], numAffectedRows: BigInt(await this.#copy(query.sql, batch)) };
    const { rows, rowCount } = await this.#query(query.sql, query.parameters);
    return { rows: rows as R[], numAffectedRows: BigInt(rowCount ?? 0) };
  }

  async *streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    // A cursor lives in a transaction.
    const own = !this.inTransaction;
    const name = `drydock_${cursors++}`;
    if (own) await this.control('BEGIN READ ONLY');
    try {
      await this.#query(`DECLARE ${name} NO SCROLL CURSOR FOR ${query.sql}`, query.parameters);
      for (;;) {
        const { rows } = await this.#query(`FETCH ${chunkSize} FROM ${name}`, []);
        if (rows.length === 0) break;
        yield { rows: rows as R[] };
      }
    } finally {
      if (!this.#broken) await this.#query(own ? 'ROLLBACK' : `CLOSE ${name}`, []).catch(this.#onError);
    }
  }

  async #query(sql: string, values: readonly unknown[]): Promise<pg.QueryResult> {
    try {
      return await this.#client.query(sql, values.map(asParameter));
    } catch (error) {
      throw this.#translated(error);
    }
  }

  async #copy(sql: string, rows: readonly (readonly unknown[])[]): Promise<number> {
    try {
      return await this.#client.query(new CopyRows(sql, rows)).done;
    } catch (error) {
      throw this.#translated(error);
    }
  }

  #translated(error: unknown): unknown {
    const translated = translatePostgres(error);
    if (translated instanceof SqlError && translated.code === 'store_unavailable') this.#broken = true;
    return translated;
  }
}

let cursors = 0;

function asParameter(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value;
}
