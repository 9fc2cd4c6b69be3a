import type { PackageUrlParts } from './purl.ts';

/** The parts of a package URL that somebody wrote; all texts are decoded, nothing is empty. */
export interface ParsedPackageUrl extends PackageUrlParts {
  /** Without prototype: keys are data. */
  readonly qualifiers: Readonly<Record<string, string>>;
  readonly subpath: string | undefined;
}

/** Longest text that is looked at; real ones have a few hundred characters. */
const maxLength = 4096;
const typeGrammar = /^[a-z][a-z0-9.+-]{0,63}$/;
const keyGrammar = /^[a-z_][a-z0-9._-]{0,63}$/;

/**
 * Reads a package URL of any type, canonical or not, as purl-spec says. Checked in tests against packageurl-js, which
 * throws where this answers undefined.
 * @returns undefined for everything that is no package URL; never throws. A missing version is empty.
 */
export function parsePackageUrl(text: string): ParsedPackageUrl | undefined {
  if (text.length > maxLength || !text.startsWith('pkg:')) return undefined;
  let rest = text.slice('pkg:'.length);
  const hash = rest.lastIndexOf('#');
  const subpath = hash < 0 ? undefined : decodePath(rest.slice(hash + 1));
  if (hash >= 0) rest = rest.slice(0, hash);
  const question = rest.indexOf('?');
  const qualifiers = readQualifiers(question < 0 ? '' : rest.slice(question + 1));
  if (question >= 0) rest = rest.slice(0, question);
  let start = 0;
  while (rest[start] === '/') start++;
  const slash = rest.indexOf('/', start);
  if (slash < 0 || qualifiers === undefined) return undefined;
  const type = rest.slice(start, slash).toLowerCase();
  const identity = readIdentity(rest.slice(slash + 1));
  return typeGrammar.test(type) && identity !== undefined ? { type, ...identity, qualifiers, subpath } : undefined;
}

/** `namespace/name@version`; an `@` that begins a segment belongs to the name, as in scopes of npm that nobody encoded. */
function readIdentity(text: string): Pick<ParsedPackageUrl, 'namespace' | 'name' | 'version'> | undefined {
  const at = text.lastIndexOf('@');
  const versioned = at > 0 && text[at - 1] !== '/';
  const version = versioned ? decode(text.slice(at + 1)) : '';
  const path = versioned ? text.slice(0, at) : text;
  let end = path.length;
  while (path[end - 1] === '/') end--;
  const slash = path.lastIndexOf('/', end - 1);
  const name = decode(path.slice(slash + 1, end));
  const namespace = slash < 0 ? '' : decodePath(path.slice(0, slash));
  if (!name || version === undefined || namespace === undefined) return undefined;
  return { namespace: namespace === '' ? undefined : namespace, name, version: version.trim() };
}

function readQualifiers(text: string): Record<string, string> | undefined {
  const qualifiers = Object.create(null) as Record<string, string>;
  if (text === '') return qualifiers;
  for (const pair of text.split('&')) {
    const equals = pair.indexOf('=');
    if (equals <= 0) continue;
    const key = pair.slice(0, equals).toLowerCase();
    const value = decode(pair.slice(equals + 1));
    if (!keyGrammar.test(key) || value === undefined) return undefined;
    if (value !== '') qualifiers[key] = value;
  }
  return qualifiers;
}

/** Segments decoded one by one; empty ones do not count. */
function decodePath(text: string): string | undefined {
  const segments: string[] = [];
  for (const segment of text.split('/')) {
    const decoded = decode(segment);
    if (decoded === undefined) return undefined;
    if (decoded !== '') segments.push(decoded);
  }
  return segments.join('/');
}

function decode(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
