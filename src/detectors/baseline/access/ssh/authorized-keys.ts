import type { CheckContext, FactReader } from '../../contract.ts';
import { textLines } from '../../text-lines.ts';

/** Keys of one authorized_keys file; who they belong to is not kept. */
export interface AuthorizedKeys {
  /** Line and type of the first hundred. */
  readonly keys: readonly { readonly line: number; readonly type: string }[];
  readonly total: number;
}

const keyType =
  '(?:ssh-(?:rsa|dss|ed25519|ed448)|ecdsa-sha2-[a-z0-9]+|sk-(?:ssh-ed25519|ecdsa-sha2-[a-z0-9]+)@openssh\\.com)';
/** A type with the key after it, at the start or after options. */
const keyPattern = new RegExp(`(?:^|\\s)(${keyType}(?:-cert-v01@openssh\\.com)?)[ \\t]+AAAA[A-Za-z0-9+/=]{16}`);
const keptKeys = 100;
const longestLine = 64 * 1024;

/** Reads the keys with which people may log in, in homes and in a folder of the server. */
export const authorizedKeysReader: FactReader<AuthorizedKeys> = {
  id: 'authorized-keys',
  version: 1,
  wants: ({ path }) =>
    /(^|\/)(\.ssh\/authorized_keys2?|etc\/ssh\/(?:authorized_keys(?:\.d)?\/)?[^/]*)$/.test(path) && isKeyFile(path),
  read(bytes) {
    const text = textLines(bytes);
    const keys: { line: number; type: string }[] = [];
    let total = 0;
    for (const [index, content] of text?.lines.entries() ?? []) {
      const type = keyPattern.exec(content.slice(0, longestLine))?.[1];
      if (type === undefined || content.trimStart().startsWith('#')) continue;
      total++;
      if (keys.length < keptKeys) keys.push({ line: index + 1, type });
    }
    return total === 0 ? undefined : { keys, total };
  },
};

function isKeyFile(path: string): boolean {
  return path.includes('authorized_keys');
}

/** How many keys open the account with this home, in the final file system. */
export function authorizedKeysOf(context: CheckContext, home: string): number {
  const folder = home.replace(/^\/+|\/+$/g, '');
  return ['authorized_keys', 'authorized_keys2']
    .map(
      (name) =>
        context.file(authorizedKeysReader, `${folder === '' ? '' : `${folder}/`}.ssh/${name}`)?.facts?.total ?? 0,
    )
    .reduce((sum, count) => sum + count, 0);
}
