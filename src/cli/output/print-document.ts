import type { Writable } from 'node:stream';
import { Collected } from './collected.ts';
import type { OutputChoice } from './outputs.ts';
import { colorFor, type Terminal, widthOf } from './terminal.ts';

/** Formats of results that are a table or one JSON document. */
export const plainFormats = [{ id: 'table' }, { id: 'json' }] as const;

/** Looks of a document: those of the terminal where it goes there. */
export interface DocumentLooks {
  readonly width?: number;
  readonly color?: boolean;
}

/** Writes one result to every output that was asked for; a document comes whole or not at all. */
export async function printDocument<F extends { readonly id: string }>(
  outputs: readonly OutputChoice<F>[],
  deps: { readonly terminal: Terminal; writeFile(path: string, bytes: Uint8Array): Promise<void> },
  color: boolean | undefined,
  write: (format: F, out: Writable, looks: DocumentLooks) => Promise<void>,
): Promise<void> {
  const { stdout, env } = deps.terminal;
  for (const { format, file } of outputs) {
    const out = new Collected();
    const looks = file === undefined ? { width: widthOf(stdout), color: colorFor(stdout, env, color) } : {};
    await write(format, out, looks);
    if (file !== undefined) await deps.writeFile(file, out.bytes());
    else if (!stdout.write(out.bytes())) await new Promise((resolve) => stdout.once('drain', resolve));
  }
}
