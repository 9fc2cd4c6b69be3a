import { isJsonObject, type JsonObject } from '../../../kernel/index.ts';
import type { Declared } from '../../lockfiles/cataloger.ts';
import { jsonObject, objectIn, objectsIn, textIn } from '../../lockfiles/json.ts';

const modules = 'node_modules/';

/** `package-lock.json` and `npm-shrinkwrap.json` of versions 1 to 3. @throws JsonError, Error */
export function* readPackageLock(bytes: Uint8Array): Generator<Declared> {
  const lock = jsonObject(bytes);
  // Version 2 says everything twice, for old clients; what version 3 kept is the better half.
  if (isJsonObject(lock.packages)) yield* readPackages(lock.packages);
  else yield* readDependencies(objectIn(lock, 'dependencies'));
}

/** Directories of packages; the project itself and its workspaces are not below a `node_modules`. */
function* readPackages(packages: JsonObject): Generator<Declared> {
  for (const [directory, entry] of objectsIn(packages)) {
    const start = directory.lastIndexOf(modules);
    const version = textIn(entry, 'version');
    if (start < 0 || version === undefined || entry.link === true) continue;
    yield { name: textIn(entry, 'name') ?? directory.slice(start + modules.length), version };
  }
}

/** Version 1: dependencies inside dependencies. */
function* readDependencies(root: JsonObject): Generator<Declared> {
  const open = [root];
  for (let dependencies = open.pop(); dependencies !== undefined; dependencies = open.pop()) {
    for (const [name, entry] of objectsIn(dependencies)) {
      const version = textIn(entry, 'version');
      if (version !== undefined) yield* declared(name, version);
      if (isJsonObject(entry.dependencies)) open.push(entry.dependencies);
    }
  }
}

/** `npm:real@1.2.3` is an alias; anything else with a colon or slash is a place, not a version of the registry. */
function* declared(name: string, version: string): Generator<Declared> {
  if (version.startsWith('npm:')) {
    const at = version.lastIndexOf('@');
    if (at > 5) yield { name: version.slice(4, at), version: version.slice(at + 1) };
  } else if (!version.includes(':') && !version.includes('/')) yield { name, version };
}
