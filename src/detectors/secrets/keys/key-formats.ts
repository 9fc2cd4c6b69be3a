/** Whether key material can be used as it is, or needs a passphrase. */
export type KeyState = 'plain' | 'encrypted';

const openSshMagic = Buffer.from('openssh-key-v1\0', 'latin1');

/** State of a private key of OpenSSH (PROTOCOL.key); undefined where the bytes are none. */
export function isOpenSsh(bytes: Buffer): KeyState | undefined {
  if (!bytes.subarray(0, openSshMagic.length).equals(openSshMagic) || bytes.length < openSshMagic.length + 8)
    return undefined;
  const length = bytes.readUInt32BE(openSshMagic.length);
  if (length > 64) return undefined;
  const from = openSshMagic.length + 4;
  return bytes.toString('latin1', from, from + length) === 'none' ? 'plain' : 'encrypted';
}

/** Tag and content offset of an OpenPGP packet (RFC 9580 4.2); undefined where the byte starts none. */
function packetAt(bytes: Buffer, at: number): { readonly tag: number; readonly content: number } | undefined {
  const first = bytes[at] ?? 0;
  if ((first & 0x80) === 0) return undefined;
  if ((first & 0x40) === 0) {
    const kind = first & 3;
    return kind === 3 ? undefined : { tag: (first >> 2) & 15, content: at + 1 + (1 << kind) };
  }
  const length = bytes[at + 1] ?? 0;
  return { tag: first & 0x3f, content: at + (length < 192 ? 2 : length < 224 ? 3 : 6) };
}

const secretKeyTag = 5;
const secretSubkeyTag = 7;
/** Numbers before the secret part by algorithm (RFC 9580 9.1): RSA, Elgamal, DSA. */
const publicNumbers: Readonly<Record<number, number>> = { 1: 2, 2: 2, 3: 2, 16: 3, 17: 4 };
/** ECDH, ECDSA, EdDSA: the name of a curve stands before one number. */
const curves: ReadonlySet<number> = new Set([18, 19, 22]);

/** State of a secret key of OpenPGP that starts the bytes; undefined where none does. */
export function isOpenPgpSecret(bytes: Buffer): KeyState | undefined {
  const packet = packetAt(bytes, 0);
  if (packet === undefined || (packet.tag !== secretKeyTag && packet.tag !== secretSubkeyTag)) return undefined;
  const version = bytes[packet.content];
  if (version !== 3 && version !== 4 && version !== 5 && version !== 6) return undefined;
  if (version !== 4) return 'plain';
  const algorithm = bytes[packet.content + 5] ?? 0;
  const usage = bytes[afterPublicPart(bytes, packet.content + 6, algorithm)];
  if (usage === undefined) return undefined;
  return usage === 0 ? 'plain' : 'encrypted';
}

function afterPublicPart(bytes: Buffer, from: number, algorithm: number): number {
  let at = from;
  if (curves.has(algorithm)) at += 1 + (bytes[at] ?? 0);
  const numbers = curves.has(algorithm) ? 1 : (publicNumbers[algorithm] ?? 0);
  for (let i = 0; i < numbers; i++) at += 2 + Math.ceil((((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)) / 8);
  if (algorithm === 18) at += 1 + (bytes[at] ?? 0);
  // Ed25519, X25519 and their like of RFC 9580 have keys of a fixed length.
  return at + ({ 25: 32, 26: 56, 27: 32, 28: 57 }[algorithm] ?? 0);
}
