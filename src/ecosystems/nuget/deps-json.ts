import { parentOf } from '../../image/index.ts';
import { isJsonObject, JsonError, type JsonObject, parseJson } from '../../kernel/index.ts';
import type { ParsedFile } from '../file-cataloger.ts';

/** A NuGet package as a file names it. */
export interface NugetFact {
  readonly name: string;
  readonly version: string;
  readonly dev?: true;
}

/** Limits of one document of .NET's tools. */
export const dotnetLimits = { maxBytes: 64 * 1024 ** 2, maxDepth: 64 };

/** A document's object; undefined when it is none. */
export function readObject(bytes: Uint8Array): JsonObject | undefined {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  try {
    const value = parseJson(marked ? bytes.subarray(3) : bytes, dotnetLimits);
    return isJsonObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}

/** What is told of a file that holds no JSON object. */
export const unreadable: ParsedFile<NugetFact> = { packages: [], problem: 'it is not valid JSON', partial: true };

const runtimePack = 'runtimepack.';

/**
 * Packages whose code an application carries: those libraries of `*.deps.json` that bring files to run in the selected
 * target. What was referenced for compiling only, or trimmed away whole, brings none.
 */
export function parseDepsJson(bytes: Uint8Array, path: string): ParsedFile<NugetFact> | undefined {
  const document = readObject(bytes);
  if (document === undefined) return unreadable;
  const target = selectedTarget(document);
  const { libraries } = document;
  if (target === undefined || !isJsonObject(libraries)) return undefined;
  const packages: NugetFact[] = [];
  for (const [key, library] of Object.entries(libraries)) {
    const slash = key.indexOf('/');
    if (slash <= 0 || !isJsonObject(library) || !hasCode(target[key])) continue;
    const name = key.slice(0, slash);
    const version = key.slice(slash + 1);
    if (library.type === 'package') packages.push({ name, version });
    else if (library.type === 'runtimepack' && name.startsWith(runtimePack)) {
      packages.push({ name: name.slice(runtimePack.length), version });
    }
  }
  return { packages: [...packages, ...sharedRuntime(path, packages)] };
}

/** The target that `runtimeTarget` names: an object in current files, a text in the first ones. */
function selectedTarget({ runtimeTarget, targets }: JsonObject): JsonObject | undefined {
  const name = isJsonObject(runtimeTarget) ? runtimeTarget.name : runtimeTarget;
  if (typeof name !== 'string' || !isJsonObject(targets)) return undefined;
  const target = targets[name];
  return isJsonObject(target) ? target : undefined;
}

/** Assemblies or native libraries, for all platforms or for some; `_._` stands for "nothing". */
function hasCode(entry: JsonObject[string]): boolean {
  if (!isJsonObject(entry)) return false;
  return [entry.runtime, entry.native, entry.runtimeTargets].some(
    (assets) => isJsonObject(assets) && Object.keys(assets).some((asset) => !asset.endsWith('/_._') && asset !== '_._'),
  );
}

/** `…/shared/<name>/<version>/<name>.deps.json`: the runtime, where no library of the file names its package. */
function sharedRuntime(path: string, packages: readonly NugetFact[]): NugetFact[] {
  const [file = '', version = '', name = '', shared = ''] = path.split('/').reverse();
  if (shared !== 'shared' || file !== `${name}.deps.json` || parentOf(path) === '') return [];
  return packages.some((found) => found.name.startsWith(name)) ? [] : [{ name, version }];
}
