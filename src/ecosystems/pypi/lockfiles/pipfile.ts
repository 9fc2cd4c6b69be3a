import type { Declared } from '../../lockfiles/cataloger.ts';
import { jsonObject, objectIn, objectsIn, textIn } from '../../lockfiles/json.ts';

/** `Pipfile.lock`: groups of packages, `default` and `develop` among them, with versions as `==1.2.3`. */
export function* readPipfileLock(bytes: Uint8Array): Generator<Declared> {
  for (const [group, packages] of objectsIn(jsonObject(bytes))) {
    if (group === '_meta') continue;
    for (const [name] of objectsIn(packages)) {
      const version = textIn(objectIn(packages, name), 'version');
      if (version?.startsWith('==')) yield { name, version: version.slice(2) };
    }
  }
}
