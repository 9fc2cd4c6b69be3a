import { bytesOf, linesOf } from '../../apply/path-text.ts';

/** What `ca-certificates.conf` says once the set of available certificates has changed. */
export interface Selection {
  /** Lines of the file, in order. */
  readonly lines: readonly string[];
  /** Selected names relative to the directory of certificates, in order. */
  readonly selected: readonly string[];
  /** Names that are explicitly deselected. */
  readonly deselected: readonly string[];
}

/** Renews the list: comments and order stay, vanished certificates are deselected, new ones come to the end. */
export function renewSelection(
  lines: readonly string[],
  available: readonly string[],
  exists: (name: string) => boolean,
  trustNew: boolean,
): Selection {
  const known = new Set<string>();
  const offered = new Set(available);
  const renewed = lines.map((line) => {
    if (line.startsWith('#')) return line;
    const name = line.startsWith('!') ? line.slice(1) : line;
    known.add(name);
    return !line.startsWith('!') && (offered.has(name) || exists(name)) ? name : `!${name}`;
  });
  for (const name of available) {
    if (!known.has(name)) renewed.push(trustNew ? name : `!${name}`);
  }
  return {
    lines: renewed,
    selected: renewed.filter((line) => !line.startsWith('#') && !line.startsWith('!')),
    deselected: renewed.filter((line) => line.startsWith('!')).map((line) => line.slice(1)),
  };
}

/** The selection as a file. */
export function selectionBytes({ lines }: Selection): Uint8Array {
  return bytesOf(lines.map((line) => `${line}\n`).join(''));
}

/** Answer to debconf's question whether new certificates are trusted: `yes`, `no`, `ask`, or undefined. */
export function trustAnswer(debconf: Uint8Array | undefined): string | undefined {
  const lines = linesOf(debconf);
  const start = lines.indexOf('Name: ca-certificates/trust_new_crts');
  if (start < 0) return undefined;
  for (const line of lines.slice(start + 1)) {
    if (line.startsWith('Name: ')) return undefined;
    if (line.startsWith('Value: ')) return line.slice(7).trim();
  }
  return undefined;
}
