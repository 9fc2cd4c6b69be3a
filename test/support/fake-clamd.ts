import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** One session of a fake daemon. */
export interface FakeSession {
  /** Sends `<number>: <text>` and the zero byte. */
  reply(number: number, text: string): void;
  raw(bytes: string | Uint8Array): void;
  /** Ends the connection at once. */
  close(): void;
  /** Of the daemon, from one on. */
  readonly session: number;
}

/** What a fake daemon does. */
export interface FakeClamd {
  readonly version?: string;
  /** A whole file has come; `number` is that of its command. */
  readonly file?: (session: FakeSession, number: number, bytes: Buffer) => void;
  /** Some bytes of a file have come. */
  readonly part?: (session: FakeSession, number: number, received: number) => void;
  /** A session has begun. */
  readonly begun?: (session: FakeSession) => void;
}

/** A daemon that speaks the session protocol of clamd, written from its manual, on a unix socket; closed after the test. */
export async function fakeClamd(t: TestContext, behaviour: FakeClamd) {
  const directory = mkdtempSync(join(tmpdir(), 'drydock-clamd-'));
  const path = join(directory, 'clamd.sock');
  const sockets = new Set<Socket>();
  let sessions = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    serve(socket, behaviour, () => ++sessions);
  });
  server.listen(path);
  await once(server, 'listening');
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  t.after(async () => {
    await stop();
    rmSync(directory, { recursive: true, force: true });
  });
  return { address: `unix:${path}`, stop, sessions: () => sessions };
}

function serve(socket: Socket, behaviour: FakeClamd, nextSession: () => number): void {
  let held = Buffer.alloc(0);
  let number = 0;
  let parts: Buffer[] | undefined;
  let session: FakeSession | undefined;
  const command = (name: string): void => {
    if (name === 'zVERSION') socket.end(`${behaviour.version ?? 'ClamAV 1.4.6'}\0`);
    else if (name === 'zIDSESSION') {
      session = {
        session: nextSession(),
        reply: (of, text) => socket.write(`${of}: ${text}\0`),
        raw: (bytes) => socket.write(bytes),
        close: () => socket.destroy(),
      };
      behaviour.begun?.(session);
    } else if (name === 'zINSTREAM') {
      number++;
      parts = [];
    } else if (name === 'zEND') socket.end();
  };
  const step = (): boolean => {
    if (parts === undefined) {
      const end = held.indexOf(0);
      if (end < 0) return false;
      const name = held.toString('latin1', 0, end);
      held = held.subarray(end + 1);
      command(name);
      return true;
    }
    if (held.length < 4) return false;
    const length = held.readUInt32BE(0);
    if (held.length < 4 + length) return false;
    const part = held.subarray(4, 4 + length);
    held = held.subarray(4 + length);
    if (session === undefined) return false;
    if (length === 0) {
      const whole = Buffer.concat(parts);
      parts = undefined;
      behaviour.file?.(session, number, whole);
    } else {
      parts.push(part);
      behaviour.part?.(
        session,
        number,
        parts.reduce((sum, { length }) => sum + length, 0),
      );
    }
    return true;
  };
  socket.on('data', (bytes: Buffer) => {
    held = Buffer.concat([held, bytes]);
    while (!socket.destroyed && step());
  });
}
