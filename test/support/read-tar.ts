import type { FileEntry } from '../../src/image/layers/contract.ts';
import { defaultLayerLimits } from '../../src/image/layers/limits.ts';
import type { TarLimits } from '../../src/image/layers/tar-contract.ts';
import { createTarParser } from '../../src/image/layers/tar-reader.ts';
import { rawEnd } from './raw-tar.ts';

/** What a parser found in an archive. */
export interface Read {
  entries: FileEntry[];
  bodies: Map<string, Buffer>;
  codes: string[];
}

/** Reads an archive that comes in pieces of these sizes. */
export function readTar(
  tar: Uint8Array,
  chunkSizes: readonly number[] = [tar.length],
  limits: TarLimits = defaultLayerLimits,
): Read {
  const parser = createTarParser(limits);
  const entries: FileEntry[] = [];
  const bodies = new Map<string, Buffer>();
  let current: FileEntry | undefined;
  let at = 0;
  for (let i = 0; at < tar.length; i++) {
    const size = Math.max(1, chunkSizes[i % chunkSizes.length] ?? 1);
    parser.feed(tar.subarray(at, at + size));
    at += size;
    for (let event = parser.next(); event.kind !== 'more'; event = parser.next()) {
      if (event.kind === 'entry') {
        current = event.entry;
        entries.push(current);
        bodies.set(current.path, Buffer.alloc(0));
      } else if (event.kind === 'data' && current) {
        bodies.set(current.path, Buffer.concat([bodies.get(current.path) as Buffer, event.bytes]));
      }
    }
  }
  parser.finish();
  return { entries, bodies, codes: parser.diagnostics.map(({ code }) => code) };
}

/** Entries and the end of an archive. */
export const archive = (...parts: Buffer[]): Buffer => Buffer.concat([...parts, rawEnd]);
/** Paths of the entries, in their order. */
export const pathsOf = (result: Read): string[] => result.entries.map(({ path }) => path);
