import { inflateSync } from 'node:zlib';
import { isJsonObject, JsonError, type JsonValue, parseJson } from '../../kernel/index.ts';

/** One crate of a build. */
export interface Crate {
  readonly name: string;
  readonly version: string;
  /** Ran while building only; it is not in the program. */
  readonly build?: true;
  /** Not from crates.io: a path or a repository, so nothing that is published speaks of it. */
  readonly foreign?: true;
}

/** What `cargo auditable` embedded in one executable. */
export interface AuditData {
  readonly crates: readonly Crate[];
  /** Entries that are outside the grammar. */
  readonly malformed: number;
}

/** The list unpacked. */
export const maxJson = 8 * 1024 * 1024;
/** The list as it is in the file. */
export const maxCompressed = 2 * 1024 * 1024;
/** Crates of one executable. */
export const maxCrates = 20_000;
const maxDepth = 16;

/**
 * Unpacks and reads a `.dep-v0` section; what follows the compressed text is ignored.
 * @returns undefined when it is none.
 */
export function parseAuditData(section: Uint8Array): AuditData | undefined {
  let json: JsonValue;
  try {
    json = parseJson(inflateSync(section, { maxOutputLength: maxJson }), { maxBytes: maxJson, maxDepth });
  } catch (error) {
    if (error instanceof JsonError || isZlibError(error)) return undefined;
    throw error;
  }
  const packages = isJsonObject(json) ? json.packages : undefined;
  if (!Array.isArray(packages)) return undefined;
  const crates: Crate[] = [];
  let malformed = Math.max(0, packages.length - maxCrates);
  for (const entry of packages.slice(0, maxCrates) as JsonValue[]) {
    const crate = isJsonObject(entry) ? crateOf(entry) : undefined;
    if (crate === undefined) malformed++;
    else if (crate !== 'root') crates.push(crate);
  }
  return { crates, malformed };
}

function crateOf(entry: { readonly [key: string]: JsonValue | undefined }): Crate | 'root' | undefined {
  const { name, version, source, kind, root } = entry;
  if (typeof name !== 'string' || typeof version !== 'string') return undefined;
  if (!isCrateName(name) || !isCrateVersion(version)) return undefined;
  // The crate that was built: a program of that name need not be the one that crates.io has.
  if (root === true && source !== 'crates.io') return 'root';
  return {
    ...{ name, version },
    ...(kind === 'build' && { build: true }),
    ...(source !== 'crates.io' && { foreign: true }),
  };
}

/** crates.io: ASCII letters, digits, `-` and `_`, at most 64. */
export function isCrateName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/.test(name);
}

/** The characters of semantic versions. */
export function isCrateVersion(version: string): boolean {
  return version.length <= 128 && /^[0-9][0-9A-Za-z.+-]*$/.test(version);
}

function isZlibError(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && (code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE');
}
