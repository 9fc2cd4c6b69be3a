import { isJsonObject, type JsonValue } from '../../../kernel/index.ts';
import { invalid } from '../errors.ts';
import { lowerFirst } from '../protocol/strict-json.ts';

/**
 * Namespaces of `ExtraParam`, an array of `{namespace, authToken}`. The tokens belong to an API of Quay that Drydock does
 * not use, so they are checked and forgotten. @throws RpcError `InvalidExtraParam`
 */
export function namespacesOf(extra: JsonValue): readonly string[] {
  const entries = Array.isArray(extra) ? (extra as readonly JsonValue[]) : [extra];
  if (entries.length > 100) throw invalid('ExtraParam');
  const names = entries.map((entry) => {
    const { namespace, authToken } = (isJsonObject(entry) ? lowerFirst(entry) : undefined) ?? {};
    const wellFormed =
      typeof namespace === 'string' &&
      /^[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/.test(namespace) &&
      namespace.length <= 255 &&
      (authToken === undefined || typeof authToken === 'string');
    if (!wellFormed) throw invalid('ExtraParam');
    return namespace;
  });
  return [...new Set(names)];
}
