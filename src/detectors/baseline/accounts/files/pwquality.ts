import type { FactReader } from '../../contract.ts';
import { textLines } from '../../text-lines.ts';

/** Numbers of pwquality.conf(5) by lower-case name. */
export interface PwqualityFacts {
  readonly values: Readonly<Record<string, number>>;
  readonly truncated?: true;
}

const asked: ReadonlySet<string> = new Set(['minlen', 'dcredit', 'ucredit', 'lcredit', 'ocredit', 'minclass']);

/** Reads `/etc/security/pwquality.conf` and the files beside it. */
export const pwqualityReader: FactReader<PwqualityFacts> = {
  id: 'pwquality',
  version: 1,
  wants: ({ path }) => /(^|\/)pwquality\.conf(\.d\/[^/]+\.conf)?$/.test(path),
  read(bytes) {
    const text = textLines(bytes);
    if (text === undefined) return undefined;
    const values: Record<string, number> = {};
    for (const content of text.lines) {
      const parts = /^\s*(?<name>[a-z]{1,32})\s*(?:=\s*|\s)(?<number>-?\d{1,6})\s*(?:#.*)?$/i.exec(content)?.groups;
      const name = parts?.name?.toLowerCase() ?? '';
      if (asked.has(name)) values[name] = Number(parts?.number);
    }
    return { values, ...(text.truncated && { truncated: true as const }) };
  },
};
