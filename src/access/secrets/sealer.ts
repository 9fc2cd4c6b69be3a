import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { Sealer } from '../contract.ts';
import { AccessError } from '../errors.ts';

const version = 1;
const idBytes = 4;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + idBytes + nonceBytes;

/**
 * Seals with AES-256-GCM: version, id of the key, nonce, ciphertext, tag. The context is authenticated along, so that
 * sealed bytes cannot be moved from one row to another.
 * @param keys 32 bytes each; the first seals, all open
 */
export function createSealer(keys: readonly Uint8Array[]): Sealer {
  const [current] = keys;
  if (current === undefined) throw new TypeError('a sealer needs a key');
  const byId = new Map(keys.map((key) => [keyId(key), key]));
  const currentId = keyId(current);
  return {
    keyId: currentId,
    seal(bytes, context = '') {
      const head = Buffer.concat([Uint8Array.of(version), Buffer.from(currentId, 'hex'), randomBytes(nonceBytes)]);
      const cipher = createCipheriv('aes-256-gcm', current, head.subarray(1 + idBytes));
      cipher.setAAD(Buffer.concat([head.subarray(0, 1 + idBytes), Buffer.from(context)]));
      return Buffer.concat([head, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, context = '') {
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
      if (bytes.length < headBytes + tagBytes || bytes[0] !== version) throw damaged();
      const id = bytes.subarray(1, 1 + idBytes).toString('hex');
      const key = byId.get(id);
      if (key === undefined) {
        throw new AccessError(
          'master_key_mismatch',
          `This was sealed with the master key ${id}, which is not loaded.`,
          {
            hint: 'Put the former master key back as a further line of the master key file.',
          },
        );
      }
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1 + idBytes, headBytes));
      decipher.setAAD(Buffer.concat([bytes.subarray(0, 1 + idBytes), Buffer.from(context)]));
      decipher.setAuthTag(bytes.subarray(-tagBytes));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(headBytes, -tagBytes)), decipher.final()]);
      } catch (cause) {
        throw damaged(cause);
      }
    },
  };
}

/** Eight hex digits that name a key and tell nothing of it. */
function keyId(key: Uint8Array): string {
  return createHash('sha256')
    .update('drydock master key id\0')
    .update(key)
    .digest('hex')
    .slice(0, 2 * idBytes);
}

function damaged(cause?: unknown): AccessError {
  return new AccessError('sealed_data_damaged', 'A sealed secret is damaged or was moved.', {
    cause,
    hint: 'Enter the secret again, or restore the store from a backup.',
  });
}
