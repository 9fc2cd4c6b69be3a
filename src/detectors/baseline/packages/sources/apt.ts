import type { FactReader } from '../../contract.ts';
import type { Repository, SourceFile } from './contract.ts';
import { booleanOf, locationOf, maxRepositories } from './locations.ts';

const path = /(?:^|\/)etc\/apt\/sources\.list(?:\.d\/(?!\.)[A-Za-z0-9_.-]+\.(?:list|sources))?$/;

/** Sources of apt in both formats (sources.list(5)). Files that apt passes over because of their name are left out. */
export const aptReader: FactReader<SourceFile> = {
  id: 'apt-sources',
  version: 1,
  wants: (entry) => path.test(entry.path),
  read(bytes, entry) {
    const text = Buffer.from(bytes).toString('utf8');
    return entry.path.endsWith('.sources') ? readStanzas(text) : readLines(text);
  },
};

/** `deb [option=value …] URI SUITE [COMPONENT …]`. */
export function readLines(text: string): SourceFile {
  const repositories: Repository[] = [];
  let malformed = 0;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = withoutComment(raw).trim();
    if (line === '') continue;
    const { type, options, words } = partsOf(line);
    const [address, suite] = words;
    if (!isType(type) || address === undefined || suite === undefined) {
      malformed++;
      continue;
    }
    if (repositories.length >= maxRepositories) break;
    const trusted = options.findLast((option) => /^trusted=/i.test(option)) ?? '';
    const unchecked = booleanOf(trusted.slice('trusted='.length)) === true ? trusted : null;
    repositories.push({ line: index + 1, ...locationOf(address), unchecked });
  }
  return { repositories, settings: [], malformed };
}

function isType(type: string): boolean {
  return type === 'deb' || type === 'deb-src';
}

/** A hash in brackets is none. */
function withoutComment(line: string): string {
  for (let at = 0; at < line.length; at++) {
    if (line[at] === '#') return line.slice(0, at);
    const end = line[at] === '[' ? line.indexOf(']', at) : -1;
    if (line[at] === '[' && end < 0) return line.split('#', 1)[0] ?? '';
    if (end > 0) at = end;
  }
  return line;
}

function partsOf(line: string): {
  readonly type: string;
  readonly options: readonly string[];
  readonly words: readonly string[];
} {
  const type = /^\S+/.exec(line)?.[0] ?? '';
  const rest = line.slice(type.length).trimStart();
  const end = rest.startsWith('[') ? rest.indexOf(']') : -1;
  const options = end < 0 ? [] : rest.slice(1, end).trim().split(/\s+/);
  return {
    type,
    options,
    words: rest
      .slice(end + 1)
      .trim()
      .split(/\s+/)
      .filter((word) => word !== ''),
  };
}

/** Stanzas of deb822. */
export function readStanzas(text: string): SourceFile {
  const repositories: Repository[] = [];
  let malformed = 0;
  for (const { fields, line, bad } of stanzasOf(text)) {
    malformed += bad;
    const words = (name: string): readonly string[] =>
      (fields.get(name) ?? '').split(/\s+/).filter((word) => word !== '');
    if (fields.size === 0 || booleanOf(fields.get('enabled') ?? '') === false) continue;
    if (!words('types').some(isType) || words('suites').length === 0) {
      malformed++;
      continue;
    }
    const trusted = booleanOf(fields.get('trusted') ?? '') === true ? `Trusted: ${fields.get('trusted')}` : null;
    for (const address of words('uris').slice(0, maxRepositories - repositories.length)) {
      repositories.push({ line, ...locationOf(address), unchecked: trusted });
    }
  }
  return { repositories, settings: [], malformed };
}

interface Stanza {
  readonly fields: Map<string, string>;
  /** Of its first field. */
  line: number;
  /** Lines that are no fields. */
  bad: number;
}

function* stanzasOf(text: string): Generator<Stanza> {
  let stanza: Stanza = { fields: new Map(), line: 0, bad: 0 };
  let last = '';
  for (const [index, line] of text.split('\n').entries()) {
    if (line.startsWith('#')) continue;
    const colon = line.indexOf(':');
    if (line.trim() === '') {
      yield stanza;
      stanza = { fields: new Map(), line: 0, bad: 0 };
      last = '';
    } else if (/^[ \t]/.test(line)) {
      if (last === '') stanza.bad++;
      // What comes after the first lines of a field is a key; nobody lists so many addresses.
      else if ((stanza.fields.get(last)?.length ?? 0) < 100_000) {
        stanza.fields.set(last, `${stanza.fields.get(last) ?? ''} ${line.trim()}`);
      }
    } else if (colon > 0) {
      last = line.slice(0, colon).trim().toLowerCase();
      if (stanza.fields.size === 0) stanza.line = index + 1;
      stanza.fields.set(last, line.slice(colon + 1).trim());
    } else stanza.bad++;
  }
  yield stanza;
}
