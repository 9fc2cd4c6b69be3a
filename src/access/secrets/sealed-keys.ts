import type { Sealer } from '../contract.ts';

const encode = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const decode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/** The secret of an access key, sealed for that key alone. */
export function sealKeySecret(sealer: Sealer, id: string, secret: string): Uint8Array {
  return sealer.seal(encode(secret), `access_key:${id}`);
}

/** The other way round. @throws AccessError `sealed_data_damaged`, `master_key_mismatch` */
export function openKeySecret(sealer: Sealer, row: { readonly id: string; readonly secret: Uint8Array }): string {
  return decode(sealer.open(row.secret, `access_key:${row.id}`));
}

/** Secret and token of a temporary key. */
export interface SessionSecret {
  readonly secret: string;
  readonly token: string;
}

/** Both parts of a temporary key, sealed for that key alone. */
export function sealSessionSecret(sealer: Sealer, id: string, { secret, token }: SessionSecret): Uint8Array {
  return sealer.seal(encode(JSON.stringify([secret, token])), `session:${id}`);
}

/** The other way round. @throws AccessError `sealed_data_damaged`, `master_key_mismatch` */
export function openSessionSecret(
  sealer: Sealer,
  row: { readonly id: string; readonly secret: Uint8Array },
): SessionSecret {
  const [secret = '', token = ''] = JSON.parse(decode(sealer.open(row.secret, `session:${row.id}`))) as string[];
  return { secret, token };
}
