import { isJsonObject, type JsonObject } from '../../../kernel/index.ts';
import { eachMember } from '../../json-scan.ts';
import type { Declared } from '../../lockfiles/cataloger.ts';
import { jsonObject, objectIn, objectsIn, textIn } from '../../lockfiles/json.ts';

const modules = 'node_modules/';
/** One more than all lock files of a layer may name: that there are more is told where this is counted. */
const mostPackages = 200_001;

/** `package-lock.json` and `npm-shrinkwrap.json` of versions 1 to 3. @throws JsonError, Error */
export function* readPackageLock(bytes: Uint8Array): Generator<Declared> {
  const packages: Declared[] = [];
  // Version 2 says everything twice, for old clients; what version 3 kept is the better half.
  const isNew = eachMember(bytes, 'packages', { keys: ['name', 'version'], flags: ['link'] }, (directory, texts) => {
    // The project itself and its workspaces are not below a `node_modules`.
    const start = directory.lastIndexOf(modules);
    const version = texts.get('version');
    if (start < 0 || !version || texts.has('link') || packages.length >= mostPackages) return;
    packages.push({ name: texts.get('name') || directory.slice(start + modules.length), version });
  });
  if (isNew === undefined) throw new Error('it is no JSON object');
  if (isNew) yield* packages;
  else yield* readDependencies(objectIn(jsonObject(bytes), 'dependencies'));
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
