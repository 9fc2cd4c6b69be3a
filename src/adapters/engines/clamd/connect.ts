import { connect, type Socket } from 'node:net';
import { EngineError } from '../../../detectors/index.ts';
import { messageOf } from '../../../kernel/index.ts';
import { type ClamdAddress, resolveClamd } from './address.ts';

/** How a daemon is reached. */
export interface ClamdTarget {
  readonly address: ClamdAddress;
  /** Networks that may be talked to although they are neither private nor on this machine. */
  readonly allow: readonly string[];
  readonly connectMs: number;
}

/** Connects. @throws EngineError `engine_unreachable`, `address_denied` */
export async function connectClamd({ address, allow, connectMs }: ClamdTarget): Promise<Socket> {
  const place = address.kind === 'unix' ? { path: address.path } : await resolveClamd(address, allow);
  const socket = connect(place);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${connectMs / 1000} s`)), connectMs);
  socket.once('connect', resolve);
  socket.once('error', reject);
  try {
    await promise;
    return socket;
  } catch (cause) {
    socket.destroy();
    throw unreachable(address, messageOf(cause), cause);
  } finally {
    clearTimeout(timer);
    socket.off('error', reject);
    // Whoever takes the socket listens; until then an error must not end the process.
    socket.on('error', () => {});
  }
}

/** The error for a daemon that does not answer. */
export function unreachable(address: ClamdAddress, why: string, cause?: unknown): EngineError {
  const place = address.kind === 'unix' ? address.path : `${address.host}:${address.port}`;
  const hint = 'Start clamd, correct DRYDOCK_CLAMD, or unset it to scan without ClamAV.';
  return new EngineError('engine_unreachable', `clamd cannot be reached at ${place}: ${why}`, {
    ...{ hint, cause, retryable: true },
  });
}
