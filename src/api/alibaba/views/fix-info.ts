import { isJsonObject, JsonError, type JsonObject, type JsonValue } from '../../../kernel/index.ts';
import { invalid, type RpcError } from '../errors.ts';
import { lowerFirst, maxJsonBytes, parseStrictJson } from '../protocol/strict-json.ts';

/** One element of `Info`: an image to fix, by every name that the caller gave. Absent and empty names are undefined. */
export interface FixTarget {
  readonly uuid: string | undefined;
  readonly namespace: string | undefined;
  readonly repoName: string | undefined;
  readonly regionId: string | undefined;
  readonly instanceId: string | undefined;
  readonly repoId: string | undefined;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
  readonly newTag: string | undefined;
  /** Without duplicates, ascending. */
  readonly ids: readonly number[];
}

/** Images that one call may name. */
export const maxTargets = 100;

/** Ids that one image may have. */
export const maxIds = 10_000;

/** The one refusal of anything that is wrong with `Info`: it must not tell what exists and what belongs to others. */
export function wrongInfo(): RpcError {
  return invalid('Info');
}

/**
 * Reads the `Info` parameter: a JSON array of images, or one image. Documentation prints it with escaped quotes, so a text
 * that is no JSON and has `\"` in it is unescaped once. @throws RpcError `InvalidInfo`
 */
export function readFixInfo(text: string): readonly FixTarget[] {
  const info = parse(text);
  const entries = Array.isArray(info) ? (info as readonly JsonValue[]) : [info];
  if (entries.length === 0 || entries.length > maxTargets) throw wrongInfo();
  return entries.map(readTarget);
}

function parse(text: string): JsonValue {
  const limits = { maxBytes: maxJsonBytes, maxDepth: 4 };
  try {
    return parseStrictJson(text, limits);
  } catch (error) {
    const escaped = error instanceof JsonError && error.code === 'json_invalid' && text.includes('\\"');
    if (!escaped) throw wrongInfo();
  }
  try {
    return parseStrictJson(text.replace(/\\(["\\])/g, '$1'), limits);
  } catch {
    throw wrongInfo();
  }
}

function readTarget(entry: JsonValue): FixTarget {
  const members = isJsonObject(entry) ? lowerFirst(entry) : undefined;
  if (members === undefined) throw wrongInfo();
  const text = (name: string): string | undefined => textOf(members, name);
  const newTag = text('newTag');
  if (newTag !== undefined && !/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(newTag)) throw wrongInfo();
  if (newTag !== undefined && newTag === text('tag')) throw wrongInfo();
  return {
    uuid: text('uuid'),
    namespace: text('namespace'),
    repoName: text('repoName'),
    regionId: text('regionId'),
    instanceId: text('instanceId'),
    repoId: text('repoId'),
    tag: text('tag'),
    digest: text('digest'),
    newTag,
    ids: readIds(members.ids),
  };
}

function textOf(members: JsonObject, name: string): string | undefined {
  const value = members[name] ?? '';
  if (typeof value !== 'string' || value.length > 512) throw wrongInfo();
  return value === '' ? undefined : value;
}

function readIds(ids: JsonValue | undefined): readonly number[] {
  if (!Array.isArray(ids) || ids.length === 0 || ids.length > maxIds) throw wrongInfo();
  for (const id of ids as readonly JsonValue[]) {
    if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) throw wrongInfo();
  }
  return [...new Set(ids as readonly number[])].sort((a, b) => a - b);
}
