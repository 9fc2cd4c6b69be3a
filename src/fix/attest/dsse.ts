import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { isJsonObject, type JsonValue, parseJson } from '../../kernel/index.ts';
import { AttestError } from './errors.ts';
import { jsonBytes, statementType } from './statement.ts';

/** Media type of a DSSE envelope. */
export const envelopeType = 'application/vnd.dsse.envelope.v1+json';

/** Envelopes come from registries: bounded in size, nesting and number of signatures. */
const limits = { maxBytes: 16 * 1024 * 1024, maxDepth: 20 };
const maxSignatures = 16;

/** Pre-authentication encoding of DSSE v1: what is signed. Lengths count bytes. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType);
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} `), type, Buffer.from(` ${payload.length} `), payload]);
}

/**
 * Signs a statement as a DSSE envelope. Ed25519, or ECDSA with the hash of its curve's size (DER signature).
 * @throws AttestError `key_unsupported`
 */
export function signStatement(statement: Uint8Array, key: KeyObject): Uint8Array {
  const signature = sign(hashFor(key), preAuthEncoding(statementType, statement), key);
  return jsonBytes({
    payloadType: statementType,
    payload: Buffer.from(statement).toString('base64'),
    signatures: [{ keyid: keyIdOf(key), sig: signature.toString('base64') }],
  });
}

/**
 * The statement inside an envelope, when one of its signatures was made with the key. The key id is a hint and decides
 * nothing.
 * @throws AttestError `envelope_invalid`, `signature_invalid`, `key_unsupported`
 */
export function verifyEnvelope(envelope: Uint8Array, publicKey: KeyObject): Uint8Array {
  const { payload, signatures } = parseEnvelope(envelope);
  const hash = hashFor(publicKey);
  const message = preAuthEncoding(statementType, payload);
  if (!signatures.some((signature) => verify(hash, message, publicKey, signature))) {
    throw new AttestError('signature_invalid', 'no signature of the envelope was made with this key');
  }
  return payload;
}

/** SHA-256 of the public key in DER, in hex. */
export function keyIdOf(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

function parseEnvelope(bytes: Uint8Array): { payload: Buffer; signatures: Buffer[] } {
  const envelope = parseObject(bytes);
  if (!isJsonObject(envelope) || envelope.payloadType !== statementType) {
    throw new AttestError('envelope_invalid', `not a DSSE envelope of type ${statementType}`);
  }
  const { signatures } = envelope;
  if (!Array.isArray(signatures) || signatures.length === 0 || signatures.length > maxSignatures) {
    throw new AttestError('envelope_invalid', `an envelope has 1 to ${maxSignatures} signatures`);
  }
  return {
    payload: base64(envelope.payload),
    signatures: signatures.map((entry: JsonValue) => base64(isJsonObject(entry) ? entry.sig : undefined)),
  };
}

function parseObject(bytes: Uint8Array): JsonValue {
  try {
    return parseJson(bytes, limits);
  } catch (cause) {
    throw new AttestError('envelope_invalid', 'the envelope is not JSON within the limits', { cause });
  }
}

/** DSSE allows the standard and the URL-safe alphabet. Node skips foreign characters silently, so we look first. */
function base64(value: JsonValue | undefined): Buffer {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/_-]*={0,2}$/.test(value)) {
    throw new AttestError('envelope_invalid', 'a field of the envelope is not base64');
  }
  return Buffer.from(value, 'base64');
}

const curveHashes: Readonly<Record<string, string>> = {
  prime256v1: 'sha256',
  secp384r1: 'sha384',
  secp521r1: 'sha512',
};

/** The hash to sign with; null for Ed25519, which hashes by itself. */
function hashFor(key: KeyObject): string | null {
  if (key.asymmetricKeyType === 'ed25519') return null;
  const hash = key.asymmetricKeyType === 'ec' ? curveHashes[key.asymmetricKeyDetails?.namedCurve ?? ''] : undefined;
  if (hash !== undefined) return hash;
  throw new AttestError('key_unsupported', `cannot sign with a key of type ${key.asymmetricKeyType}`, {
    hint: 'Use an Ed25519 key or an ECDSA key on P-256, P-384 or P-521.',
  });
}
