import type { Declared } from './cataloger.ts';
import { linesOf, yamlPair, yamlSection } from './lines.ts';

/** `conda-lock.yml`: a list `package` with one package for each platform; `manager` tells whose it is. */
export function* readCondaLock(bytes: Uint8Array, manager: 'conda' | 'pip'): Generator<Declared> {
  let fields = new Map<string, string>();
  let level: number | undefined;
  for (const { indent, text } of yamlSection(linesOf(bytes), 'package')) {
    const isItem = text.startsWith('- ');
    if (isItem && (level === undefined || indent + 2 === level)) {
      yield* declared(fields, manager);
      fields = new Map();
      level = indent + 2;
    }
    const pair = (isItem ? indent + 2 : indent) === level ? yamlPair(isItem ? text.slice(2) : text) : undefined;
    if (pair !== undefined && fields.size < 50) fields.set(pair.key, pair.value);
  }
  yield* declared(fields, manager);
}

function* declared(fields: ReadonlyMap<string, string>, manager: string): Generator<Declared> {
  const name = fields.get('name');
  const version = fields.get('version');
  if (!name || !version || fields.get('manager') !== manager) return;
  const [, , channel = '', subdir = '', build = ''] = placeOf(fields.get('url') ?? '');
  yield { name, version, ...(manager === 'conda' && { more: { channel, subdir, build } }) };
}

/** An explicit list: after the line `@EXPLICIT` one URL of a package file a line. */
export function* readExplicitList(bytes: Uint8Array): Generator<Declared> {
  let explicit = false;
  for (const { text } of linesOf(bytes)) {
    if (text === '@EXPLICIT') explicit = true;
    if (!explicit || !text.includes('/')) continue;
    const [name, version, channel, subdir, build] = placeOf(text);
    if (name !== '' && version !== '') yield { name, version, more: { channel, subdir, build } };
  }
}

type Place = readonly [name: string, version: string, channel: string, subdir: string, build: string];

/** What the URL of a package file says: `…/CHANNEL/SUBDIR/NAME-VERSION-BUILD.conda#HASH`. */
function placeOf(url: string): Place {
  const hash = url.indexOf('#');
  const parts = url.slice(0, hash < 0 ? 2000 : Math.min(hash, 2000)).split('/');
  const file = (parts.at(-1) ?? '').replace('.tar.bz2', '').replace('.conda', '');
  const last = file.lastIndexOf('-');
  const middle = file.lastIndexOf('-', last - 1);
  if (middle <= 0) return ['', '', '', '', ''];
  const [channel = '', subdir = ''] = [parts.at(-3), parts.at(-2)];
  return [file.slice(0, middle), file.slice(middle + 1, last), channel, subdir, file.slice(last + 1)];
}
