import { Writable } from 'node:stream';

/** Runs a writer against a slow receiver with a tiny buffer and returns everything that it wrote as text. */
export async function collect(write: (out: Writable) => Promise<void>): Promise<string> {
  const chunks: Buffer[] = [];
  const out = new Writable({
    highWaterMark: 16,
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      setImmediate(done);
    },
  });
  await write(out);
  await new Promise<void>((resolve) => out.end(resolve));
  return Buffer.concat(chunks).toString();
}
