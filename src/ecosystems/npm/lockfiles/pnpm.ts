import type { Declared } from '../../lockfiles/cataloger.ts';
import { linesOf, yamlPair, yamlSection } from '../../lockfiles/lines.ts';

/** `pnpm-lock.yaml` of versions 5 to 9: keys of `packages`. */
export function* readPnpmLock(bytes: Uint8Array): Generator<Declared> {
  const isOld = versionOf(bytes).startsWith('5');
  let level: number | undefined;
  for (const { indent, text } of yamlSection(linesOf(bytes), 'packages')) {
    level ??= indent;
    if (indent !== level) continue;
    const key = yamlPair(text)?.key ?? '';
    // What leads to a file or repository is no package of a registry.
    const declared = key.includes(':') ? undefined : isOld ? readOldKey(key) : readKey(key);
    if (declared !== undefined) yield declared;
  }
}

function versionOf(bytes: Uint8Array): string {
  for (const { indent, text } of linesOf(bytes)) {
    const pair = indent === 0 ? yamlPair(text) : undefined;
    if (pair?.key === 'lockfileVersion') return pair.value;
  }
  return '';
}

/** `name@1.2.3`, in version 6 `/name@1.2.3(peer@1)`. A registry that is not the default one stands in front. */
function readKey(key: string): Declared | undefined {
  const brace = key.indexOf('(');
  const plain = brace < 0 ? key : key.slice(0, brace);
  const at = plain.lastIndexOf('@');
  return at > 0 && isVersion(plain.slice(at + 1)) ? named(plain.slice(0, at), plain.slice(at + 1)) : undefined;
}

/** `/name/1.2.3_peer@1`; a registry that is not the default one stands in front of the first slash. */
function readOldKey(key: string): Declared | undefined {
  if (!key.includes('/')) return undefined;
  const start = key.startsWith('/') ? 1 : key.indexOf('/') + 1;
  const end = key.indexOf('/', key[start] === '@' ? key.indexOf('/', start) + 1 : start);
  if (end < 0) return undefined;
  const [version = ''] = key.slice(end + 1).split('_', 1);
  return isVersion(version) ? { name: key.slice(start, end), version } : undefined;
}

/** The name without a registry in front: `registry.example/@scope/name`. */
function named(path: string, version: string): Declared | undefined {
  const parts = path.split('/').filter((part) => part !== '');
  const scoped = parts.at(-2)?.startsWith('@') === true;
  const name = parts.slice(scoped ? -2 : -1).join('/');
  return name === '' ? undefined : { name, version };
}

function isVersion(text: string): boolean {
  const first = text.charCodeAt(0);
  return first >= 0x30 && first <= 0x39 && !text.includes('/');
}
