import type { Transform } from 'node:stream';
import { constants, crc32, createGunzip, createInflateRaw, createZstdDecompress } from 'node:zlib';
import { messageOf } from '../../kernel/index.ts';
import { LayerError } from './errors.ts';
import type { InputQueue } from './input-queue.ts';

/** A decompressor of node:zlib. `bytesWritten` counts the input that it has consumed. */
type Engine = Transform & { readonly bytesWritten: number };

/** Large output buffers halve the time of the 16 KiB default; the pool thread inflates ahead by one of them. */
const chunkSize = 1024 * 1024;
const options = { chunkSize, highWaterMark: chunkSize };
/** Archives of many members or frames get small buffers: theirs are small as well. */
const smallOptions = { chunkSize: 64 * 1024, highWaterMark: chunkSize };
/** 128 MiB, the largest window that is accepted. */
const windowLogMax = 27;

/** Gzip data followed by something else, in a place where node:zlib throws away what it had inflated last. */
export class TrailingGarbage extends Error {}

/**
 * Inflates gzip members until the data ends or something other than a member follows, which stays in the queue.
 * @throws TrailingGarbage when the last output is lost: read again with {@link gunzipMembers}
 */
export async function* gunzip(input: InputQueue): AsyncGenerator<Buffer> {
  try {
    yield* run(createGunzip(options), input);
  } catch (error) {
    // Only the start of a member gives this message, and the start of the first one has been checked.
    if (messageOf(error).endsWith('incorrect header check')) throw new TrailingGarbage();
    throw error;
  }
}

/** Like {@link gunzip}, but finds the end of every member itself. About half as fast. */
export async function* gunzipMembers(input: InputQueue): AsyncGenerator<Buffer> {
  for (let count = 0; await startsMember(input); count++) {
    await passMemberHeader(input);
    let checksum = 0;
    let size = 0;
    for await (const chunk of run(createInflateRaw(count < 16 ? options : smallOptions), input)) {
      checksum = crc32(chunk, checksum);
      size = (size + chunk.length) % 0x1_0000_0000;
      yield chunk;
    }
    const trailer = await input.peek(8);
    if (trailer.length < 8) throw truncated();
    if (trailer.readUInt32LE(0) !== checksum || trailer.readUInt32LE(4) !== size) {
      throw new LayerError('corrupt_layer', 'the layer is damaged: a gzip checksum does not fit');
    }
    await input.discard(8);
  }
}

/** Inflates zstd frames, passing over skippable ones, until the data ends or something else follows. */
export async function* unzstd(input: InputQueue): AsyncGenerator<Buffer> {
  const params = { [constants.ZSTD_d_windowLogMax]: windowLogMax };
  for (let count = 0; ; ) {
    const head = await input.peek(8);
    if (isSkippableFrame(head)) {
      if (head.length < 8 || !(await input.discard(8 + head.readUInt32LE(4)))) throw truncated();
    } else if (isZstdFrame(head)) {
      yield* run(createZstdDecompress({ ...(count++ < 16 ? options : smallOptions), params }), input);
    } else return;
  }
}

/** Whether bytes start a zstd frame. */
export function isZstdFrame(head: Buffer): boolean {
  return head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528;
}

/** Whether bytes start a skippable zstd frame: metadata such as the table of contents of zstd:chunked. */
export function isSkippableFrame(head: Buffer): boolean {
  return head.length >= 4 && head.readUInt32LE(0) >>> 4 === 0x184d2a5;
}

/** Whether bytes start a gzip member that uses the only method there is. */
export function isGzipMember(head: Buffer): boolean {
  return head.length >= 3 && head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;
}

async function startsMember(input: InputQueue): Promise<boolean> {
  return isGzipMember(await input.peek(3));
}

/** RFC 1952 §2.3. */
async function passMemberHeader(input: InputQueue): Promise<void> {
  const head = await input.peek(12);
  if (head.length < 12) throw truncated();
  const flags = head[3] ?? 0;
  await input.discard(10);
  if (flags & 4 && !(await input.discard(2 + head.readUInt16LE(10)))) throw truncated();
  if (flags & 8) await passText(input);
  if (flags & 16) await passText(input);
  if (flags & 2 && !(await input.discard(2))) throw truncated();
}

async function passText(input: InputQueue): Promise<void> {
  for (;;) {
    const head = await input.peek(1);
    if (head.length === 0) throw truncated();
    const chunk = input.chunk(0);
    const end = chunk.indexOf(0);
    input.consume(end < 0 ? chunk.length : end + 1);
    if (end >= 0) return;
  }
}

function truncated(): LayerError {
  return new LayerError('corrupt_layer', 'the layer is cut off: its compressed data ends too early');
}

/** How far a run is: input given back to nobody yet, and whether the engine still wants more. */
interface Run {
  stopped: boolean;
  released: number;
}

/** Runs one engine until its data ends, and leaves in the queue what it did not consume. */
async function* run(engine: Engine, input: InputQueue): AsyncGenerator<Buffer> {
  const state: Run = { stopped: false, released: 0 };
  engine.once('end', () => {
    state.stopped = true;
  });
  // A failing source reaches the reader through the engine.
  feed(engine, input, state).catch((error) => engine.destroy(error));
  try {
    for await (const chunk of engine) yield chunk as Buffer;
    input.consume(engine.bytesWritten - state.released);
  } catch (error) {
    throw isDamage(error) ? new LayerError('corrupt_layer', `the layer is damaged: ${messageOf(error)}`) : error;
  } finally {
    state.stopped = true;
    engine.destroy();
  }
}

async function feed(engine: Engine, input: InputQueue, state: Run): Promise<void> {
  for (let next = 0; !state.stopped; ) {
    if (next === input.length) {
      if (await input.fill()) continue;
      if (!state.stopped) engine.end();
      return;
    }
    if (!engine.write(input.chunk(next++))) await writable(engine);
    if (state.stopped) return;
    const consumed = engine.bytesWritten - state.released;
    next -= input.consume(consumed);
    state.released += consumed;
  }
}

function writable(engine: Engine): Promise<void> {
  const events = ['drain', 'end', 'close'];
  return new Promise((resolve) => {
    const wake = (): void => {
      for (const event of events) engine.off(event, wake);
      resolve();
    };
    for (const event of events) engine.on(event, wake);
  });
}

/** Whether an error is the verdict of node:zlib about the data. */
function isDamage(error: unknown): error is Error {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return code.startsWith('Z_') || code.startsWith('ZSTD_');
}
