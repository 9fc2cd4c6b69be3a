import { isJsonObject, type JsonValue } from '../../../kernel/index.ts';
import { invalid } from '../errors.ts';
import { lowerFirst } from '../protocol/strict-json.ts';

/** Repositories that one target may name. */
const maxRepositories = 10_000;

/**
 * Paths of a target document `{"type":"repo","target":["namespace/repository",…]}`. An empty document, or one without
 * repositories, is an empty list. @throws RpcError `Invalid<name>`
 */
export function repositoriesOf(document: JsonValue, name: string): readonly string[] {
  const { type, target } = (isJsonObject(document) ? lowerFirst(document) : undefined) ?? {};
  if (!isJsonObject(document) || (type !== undefined && type !== 'repo')) throw invalid(name);
  const entries = target === undefined ? [] : Array.isArray(target) ? (target as readonly JsonValue[]) : [target];
  if (entries.length > maxRepositories) throw invalid(name);
  const paths = entries.map((entry) => {
    // Whitespace and control characters occur in no repository; everything else is only compared.
    if (typeof entry !== 'string' || !/^[^\s\u0000-\u001f]{1,512}$/.test(entry)) throw invalid(name);
    return entry;
  });
  return [...new Set(paths)];
}

/** The same as text, as answers have it. */
export function repositoryTarget(paths: readonly string[]): string {
  return JSON.stringify({ type: 'repo', target: paths });
}
