import { isJsonObject, JsonError, type JsonObject, type JsonValue, parseJson } from '../../kernel/index.ts';
import type { ParsedFile } from '../file-cataloger.ts';
import { listOf, objectsOf, textOf } from '../json-values.ts';

/** A package as Composer recorded it. */
export interface ComposerFact {
  readonly name: string;
  readonly version: string;
  readonly dev?: true;
}

const documentLimits = { maxBytes: 64 * 1024 ** 2, maxDepth: 200 };

/** `vendor/composer/installed.json`: a list (Composer 1), or `packages` with `dev-package-names` (Composer 2). */
export function parseInstalled(bytes: Uint8Array): ParsedFile<ComposerFact> | undefined {
  const document = read(bytes);
  if (document === undefined) return unreadable;
  if (Array.isArray(document)) return { packages: factsOf(document, false) };
  if (!isJsonObject(document) || !Array.isArray(document.packages)) return undefined;
  const dev = new Set(listOf(document['dev-package-names']));
  return {
    packages: factsOf(document.packages, false).map((fact) => (dev.has(fact.name) ? { ...fact, dev: true } : fact)),
  };
}

/** `composer.lock`: packages, and those for development apart. */
export function parseComposerLock(bytes: Uint8Array): ParsedFile<ComposerFact> | undefined {
  const document = read(bytes);
  if (document === undefined) return unreadable;
  if (!isJsonObject(document) || !Array.isArray(document.packages)) return undefined;
  return { packages: [...factsOf(document.packages, false), ...factsOf(document['packages-dev'], true)] };
}

const unreadable: ParsedFile<ComposerFact> = { packages: [], problem: 'it is not valid JSON', partial: true };

function read(bytes: Uint8Array): JsonValue | undefined {
  try {
    return parseJson(bytes, documentLimits);
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}

function factsOf(value: JsonValue | undefined, dev: boolean): ComposerFact[] {
  return objectsOf(value)
    .filter(({ type }) => type !== 'metapackage')
    .map((item) => factOf(item, dev));
}

function factOf(item: JsonObject, dev: boolean): ComposerFact {
  return { name: textOf(item.name, 512), version: textOf(item.version, 256), ...(dev && { dev: true }) };
}
