import type { Key } from 'openpgp';
import { messageOf } from '../../../../kernel/index.ts';
import { RepositoryError } from './errors.ts';

/** Pinned public keys of a vendor, parsed once. */
export interface Keyring {
  /** For messages: the name in the configuration. */
  readonly name: string;
  readonly keys: readonly Key[];
}

const beginMessage = '-----BEGIN PGP SIGNED MESSAGE-----';
const beginSignature = '-----BEGIN PGP SIGNATURE-----';
const endSignature = '-----END PGP SIGNATURE-----';

/** Loaded on first use: the library costs start-up time that commands without signatures need not pay. */
const library = async () => {
  const openpgp = await import('openpgp');
  const { hash } = openpgp.enums;
  const weak = new Set([hash.md5, hash.sha1, hash.ripemd]);
  return { openpgp, config: { minRSABits: 2048, rejectMessageHashAlgorithms: weak } };
};

/**
 * Reads an armored keyring. Revoked keys are left out.
 * @throws RepositoryError `invalid_configuration` when it holds no usable key.
 */
export async function readKeyring(name: string, armored: string): Promise<Keyring> {
  const { openpgp } = await library();
  try {
    const all = await openpgp.readKeys({ armoredKeys: armored });
    const revoked = await Promise.all(all.map((key) => key.isRevoked()));
    const keys = all.filter((_, index) => revoked[index] === false);
    if (keys.length > 0) return { name, keys };
  } catch (cause) {
    throw new RepositoryError('invalid_configuration', `the keyring ${name} cannot be read: ${messageOf(cause)}`, {
      cause,
      hint: 'Give an armored OpenPGP public keyring, or builtin:debian-archive, in fix.sources.',
    });
  }
  throw new RepositoryError('invalid_configuration', `the keyring ${name} holds no key that is not revoked`);
}

/**
 * The text that a pinned key signed. The file must be exactly one clear-signed block with nothing before or after.
 * A key counts as valid when it was so at the time of signing, because a frozen suite outlives its key (§6.1); a
 * signature from the future (beyond `now`) or by MD5, SHA-1 or short RSA keys does not count.
 * @throws RepositoryError `metadata_untrusted`; `what` names the file.
 */
export async function verifyClearSigned(bytes: Uint8Array, keyring: Keyring, now: Date, what: string): Promise<string> {
  const text = Buffer.from(bytes).toString('latin1');
  checkFraming(text, what);
  const { openpgp, config } = await library();
  const failures: string[] = [];
  try {
    const message = await openpgp.readCleartextMessage({ cleartextMessage: text, config });
    const result = await openpgp.verify({ message, verificationKeys: [...keyring.keys], date: now, config });
    for (const signature of result.signatures) {
      try {
        if (await signature.verified) return result.data;
      } catch (error) {
        failures.push(messageOf(error));
      }
    }
  } catch (cause) {
    throw untrusted(`${what} cannot be verified: ${messageOf(cause)}`, keyring, cause);
  }
  const why = failures[0] ?? 'it holds no signature';
  throw untrusted(`no signature of ${what} is good: ${why}`, keyring);
}

/** Exactly one block, lines counted by hand so that nothing depends on how lenient the library is. */
function checkFraming(text: string, what: string): void {
  const seen = { message: 0, signature: 0, end: 0 };
  let last = '';
  let first: string | undefined;
  for (let at = 0; at < text.length; ) {
    const found = text.indexOf('\n', at);
    const stop = found === -1 ? text.length : found;
    const line = text.slice(at, stop).trimEnd();
    at = stop + 1;
    first ??= line;
    if (line !== '') last = line;
    if (!line.startsWith('-----')) continue;
    if (line === beginMessage) seen.message++;
    else if (line === beginSignature) seen.signature++;
    else if (line === endSignature) seen.end++;
    else throw new RepositoryError('metadata_untrusted', `${what} holds an unknown armor line`);
  }
  const single = seen.message === 1 && seen.signature === 1 && seen.end === 1;
  if (single && first === beginMessage && last === endSignature) return;
  throw new RepositoryError('metadata_untrusted', `${what} is not exactly one clear-signed message`, {
    hint: 'The mirror may answer with a login or error page; open the URL in a browser.',
  });
}

function untrusted(message: string, keyring: Keyring, cause?: unknown): RepositoryError {
  return new RepositoryError('metadata_untrusted', message, {
    cause,
    hint: `Only keys of the keyring ${keyring.name} are accepted; a private mirror's own key belongs into fix.sources.`,
  });
}
