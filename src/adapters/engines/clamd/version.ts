import type { Socket } from 'node:net';
import { EngineError } from '../../../detectors/index.ts';
import { type Diagnostic, dayMs } from '../../../kernel/index.ts';

/** What a daemon says of itself. */
export interface ClamdVersion {
  /** `1.4.6` */
  readonly engine: string;
  /** Number of the signature database; null where the daemon has only databases of its owner. */
  readonly database: string | null;
  /** When the database was made. */
  readonly date: Date | null;
}

const replyBytes = 1024;

/**
 * Asks for the version, on a connection of its own: in a session the daemon writes number and text of this reply one after
 * the other, and replies to files may come in between. Closes the connection.
 * @throws EngineError `engine_failed`
 */
export async function askVersion(socket: Socket, milliseconds: number): Promise<ClamdVersion> {
  const timer = setTimeout(() => socket.destroy(new Error('no answer')), milliseconds);
  let text = '';
  try {
    socket.write('zVERSION\0');
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      text += chunk.toString('latin1');
      if (text.includes('\0') || text.length > replyBytes) break;
    }
  } catch (cause) {
    throw failed('clamd does not tell its version', cause);
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
  return readVersion(text.slice(0, replyBytes).split('\0', 1)[0] ?? '');
}

/** Reads `ClamAV 1.4.6/27500/Sun Nov 29 08:12:11 2026`; without databases of the project only its first part is there. */
export function readVersion(text: string): ClamdVersion {
  const [, engine, database, date] = /^ClamAV ([\w.+~-]{1,64})(?:\/([0-9]{1,12})\/([^/]{1,64}))?\s*$/.exec(text) ?? [];
  if (engine === undefined) throw failed(`what answers is not clamd: ${JSON.stringify(text.slice(0, 100))}`);
  const at = date === undefined ? Number.NaN : Date.parse(`${date.replaceAll(/\s+/g, ' ').trim()} UTC`);
  return { engine, database: database ?? null, date: Number.isNaN(at) ? null : new Date(at) };
}

/** What is to be said of a database; null when it is young enough. */
export function ageConcern({ database, date }: ClamdVersion, now: Date, maxDays: number): Diagnostic | null {
  if (date === null) {
    const message =
      database === null
        ? 'clamd uses no signature database of ClamAV, only databases of its owner: nobody knows how old they are'
        : 'clamd does not say how old its signature database is';
    return { code: 'engine_database_undated', message };
  }
  const days = Math.floor((now.getTime() - date.getTime()) / dayMs);
  if (days <= maxDays) return null;
  const message = `the signature database of clamd is ${days} days old: what appeared since is not found`;
  return { code: 'engine_stale', message, partial: true };
}

function failed(message: string, cause?: unknown): EngineError {
  const hint = 'Set DRYDOCK_CLAMD to the socket of clamd.';
  return new EngineError('engine_failed', message, { hint, cause });
}
