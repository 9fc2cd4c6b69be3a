import type { Declared } from '../../lockfiles/cataloger.ts';
import { jsonObject, objectIn } from '../../lockfiles/json.ts';

/** `bun.lock`: JSON with commas before closing brackets. The first element of a package's array is `name@version`. */
export function* readBunLock(bytes: Uint8Array): Generator<Declared> {
  const packages = objectIn(jsonObject(withoutTrailingCommas(bytes)), 'packages');
  for (const entry of Object.values(packages)) {
    const resolved = Array.isArray(entry) ? entry[0] : undefined;
    if (typeof resolved !== 'string') continue;
    const at = resolved.indexOf('@', 1);
    const version = resolved.slice(at + 1);
    // `workspace:`, `file:`, `github:` and the like.
    if (at > 0 && !version.includes(':') && !version.includes('/')) yield { name: resolved.slice(0, at), version };
  }
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const blank = 0x20;

/** The same bytes with a blank for every comma that only blanks part from a closing bracket. */
function withoutTrailingCommas(bytes: Uint8Array): Uint8Array {
  const plain = Uint8Array.from(bytes);
  let last = -1;
  for (let i = 0; i < plain.length; i++) {
    const byte = plain[i] ?? 0;
    if (byte <= blank) continue;
    if (byte === quote) {
      for (i++; i < plain.length && plain[i] !== quote; i++) if (plain[i] === backslash) i++;
      last = -1;
    } else if (byte === comma) last = i;
    else {
      if (last >= 0 && (byte === 0x5d || byte === 0x7d)) plain[last] = blank;
      last = -1;
    }
  }
  return plain;
}
