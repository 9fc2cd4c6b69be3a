import type { Anchor } from './contract.ts';
import { isDigit, numbersEnd, numbersStart } from './version-text.ts';

/** MariaDB: `10.11.6-MariaDB`, alone or with the builder's suffix, as a text of its own. */
export const mariadb: Anchor = {
  text: '-MariaDB',
  version(bytes, start, end) {
    const first = numbersStart(bytes, start);
    const ownText = bytes[first - 1] === 0 && (bytes[end] === 0 || bytes[end] === 0x2d);
    return ownText && numbersEnd(bytes, first, 3, 3) === start ? bytes.toString('latin1', first, start) : undefined;
  },
};

/** Ten digits of the time of the build, one that says whether it was changed, eight of the commit: all run together. */
const buildLength = 10 + 1 + 8;

/**
 * Redis and Valkey: version, host, time and commit of the build in one text without separators. Releases have no commit.
 * A host whose name begins with digits cannot be told from the version.
 */
export const redisLike: Anchor = {
  text: '00000000\0',
  version(bytes, _start, end) {
    const stop = end - 1;
    for (let i = stop - buildLength; i < stop; i++) if (!isDigit(bytes[i])) return undefined;
    const build = stop - buildLength;
    const before = bytes.subarray(0, build);
    for (let i = Math.max(1, build - maxPrefix); i < build; i++) {
      if (!isDigit(bytes[i]) || isDigit(bytes[i - 1]) || bytes[i - 1] === 0x2e) continue;
      const numbers = numbersEnd(before, i, 3, 3);
      if (numbers === undefined || !isHost(before.subarray(numbers))) continue;
      return bytes.toString('latin1', i, numbers);
    }
    return undefined;
  },
};

/** Version and host. */
const maxPrefix = 44;

/** Nothing, or a name that does not begin like the rest of a version, and the hyphen that follows it. */
function isHost(bytes: Buffer): boolean {
  const [first] = bytes;
  if (first === undefined) return true;
  if (first === 0x2e || bytes[bytes.length - 1] !== 0x2d) return false;
  // The id of a container: its first digits may be taken for the version's last.
  if (bytes.length <= 13 && bytes.subarray(0, -1).every((byte) => isDigit(byte) || (byte >= 0x61 && byte <= 0x66))) {
    return false;
  }
  return bytes.every((byte) => isDigit(byte) || isLetter(byte) || byte === 0x2d || byte === 0x2e || byte === 0x5f);
}

function isLetter(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}
