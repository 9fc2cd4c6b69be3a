import { connect, type Socket } from 'node:net';

/** What came back on a socket: status, headers with lower-case names, body as text. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Reads one HTTP answer out of the bytes of a connection. */
export function readAnswer(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { status: Number(first.split(' ')[1]), headers, body: text.slice(end + 4) };
}

/** Opens a connection and collects everything that arrives. */
export async function openRaw(port: number): Promise<{ socket: Socket; text: () => string; closed: Promise<void> }> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => socket.once('connect', () => resolve()).once('error', reject));
  return { socket, text: () => text, closed };
}

/** Sends bytes on a connection of their own and reads what comes back until the server closes it, for at most 10 seconds. */
export async function sendRaw(port: number, bytes: string | Buffer): Promise<RawAnswer> {
  const raw = await openRaw(port);
  raw.socket.write(bytes);
  const late = setTimeout(() => raw.socket.destroy(), 10_000);
  await raw.closed;
  clearTimeout(late);
  return readAnswer(raw.text());
}
