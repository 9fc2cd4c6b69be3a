import { isJsonObject, type JsonObject } from '../../../kernel/index.ts';
import type { Declared } from '../../lockfiles/cataloger.ts';
import { jsonObject, objectIn } from '../../lockfiles/json.ts';

/** `deno.lock` of versions 2 to 5: npm packages, not modules of JSR or of URLs. */
export function* readDenoLock(bytes: Uint8Array): Generator<Declared> {
  for (const key of Object.keys(npmPackages(jsonObject(bytes)))) {
    const at = key.indexOf('@', 1);
    if (at < 0) continue;
    // Behind `_` stand the peers that the package was resolved with.
    const [version = ''] = key.slice(at + 1).split('_', 1);
    yield { name: key.slice(0, at), version };
  }
}

function npmPackages(lock: JsonObject): JsonObject {
  const old = objectIn(lock, 'packages');
  if (isJsonObject(old.npm)) return old.npm;
  const npm = objectIn(lock, 'npm');
  return isJsonObject(npm.packages) ? npm.packages : npm;
}
