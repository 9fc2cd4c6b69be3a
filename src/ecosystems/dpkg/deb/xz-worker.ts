/**
 * A worker thread that unpacks one xz stream after the other. Xz is the dearest step of a fix and WebAssembly occupies
 * the thread that runs it; see xz.ts for the other side.
 */
import { ReadableStream, type ReadableStreamDefaultController } from 'node:stream/web';
import { type MessagePort, parentPort } from 'node:worker_threads';
import xz from 'xz-decompress';
import { type XzReply, type XzRequest, xzPieceBytes, xzPiecesAhead } from './xz-protocol.ts';

const port = parentPort as MessagePort;
let packed: (Uint8Array | undefined)[] = [];
let credit = 0;
/** The decoder asks for input while output waits for credit: both may sleep at the same time. */
let sleepers: (() => void)[] = [];

port.on('message', (request: XzRequest) => {
  if (request.kind === 'start') {
    packed = [];
    credit = xzPiecesAhead;
    void unpack();
  } else if (request.kind === 'packed') packed.push(request.bytes);
  else if (request.kind === 'end') packed.push(undefined);
  else credit++;
  const awoken = sleepers;
  sleepers = [];
  for (const wake of awoken) wake();
});

function reply(message: XzReply, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}

async function until(ready: () => boolean): Promise<void> {
  while (!ready()) {
    await new Promise<void>((resolve) => {
      sleepers.push(resolve);
    });
  }
}

async function nextPacked(): Promise<Uint8Array | undefined> {
  if (packed.length === 0) {
    reply({ kind: 'hungry' });
    await until(() => packed.length > 0);
  }
  return packed.shift();
}

async function send(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  await until(() => credit > 0);
  credit--;
  reply({ kind: 'unpacked', bytes }, [bytes.buffer]);
}

async function unpack(): Promise<void> {
  try {
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
      const bytes = await nextPacked();
      if (bytes === undefined) controller.close();
      else controller.enqueue(bytes);
    };
    // Nothing is asked for ahead: an answer to this stream must not arrive in the next one.
    const source = new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 });
    let piece = new Uint8Array(xzPieceBytes);
    let filled = 0;
    const reader = new xz.XzReadableStream(source as globalThis.ReadableStream<Uint8Array>).getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      for (let rest = next.value; rest.length > 0; ) {
        const part = rest.subarray(0, xzPieceBytes - filled);
        piece.set(part, filled);
        filled += part.length;
        rest = rest.subarray(part.length);
        if (filled < xzPieceBytes) continue;
        await send(piece);
        piece = new Uint8Array(xzPieceBytes);
        filled = 0;
      }
    }
    if (filled > 0) await send(piece.slice(0, filled));
    reply({ kind: 'done' });
  } catch (error) {
    // Said here, because every module that a thread imports delays its start.
    reply({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}
