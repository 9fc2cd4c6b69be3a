import type { Declared } from '../../lockfiles/cataloger.ts';
import { linesOf, yamlPair, yamlSection } from '../../lockfiles/lines.ts';

/** `pnpm-lock.yaml` of versions 5 to 9: keys of `packages`. */
export function* readPnpmLock(bytes: Uint8Array): Generator<Declared> {
  let level: number | undefined;
  for (const { indent, text } of yamlSection(linesOf(bytes), 'packages')) {
    level ??= indent;
    if (indent !== level) continue;
    // `key: {}` and `key:` alike; a key with blanks is none.
    const declared = readKey(yamlPair(text)?.key ?? '');
    if (declared !== undefined) yield declared;
  }
}

/**
 * Version 5: `/name/1.2.3_peer@1`; 6: `/name@1.2.3(peer@1)`; 9: `name@1.2.3`. A registry that is not the default one
 * stands before the first slash of the older ones. What leads to a file or repository is no package of a registry.
 */
function readKey(key: string): Declared | undefined {
  if (key.includes(':')) return undefined;
  const brace = key.indexOf('(');
  const plain = brace < 0 ? key : key.slice(0, brace);
  const at = plain.lastIndexOf('@');
  const isNew = at > 0 && plain[at - 1] !== '/' && isVersion(plain.slice(at + 1)) && !plain.slice(0, at).includes('_');
  return isNew ? named(plain.slice(0, at), plain.slice(at + 1)) : readOldKey(plain);
}

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
