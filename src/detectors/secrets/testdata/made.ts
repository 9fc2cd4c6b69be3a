import { createHash } from 'node:crypto';

export const alnum = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
export const hex = '0123456789abcdef';
export const lower = 'abcdefghijklmnopqrstuvwxyz0123456789';
export const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
export const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** A value that looks random and is the same in every run; made here, known to nobody. */
export function made(length: number, alphabet: string = alnum, seed = 'made up'): string {
  let text = '';
  for (let i = 0; text.length < length; i++) {
    for (const byte of createHash('sha256').update(`${seed} ${alphabet.length} ${length} ${i}`).digest()) {
      text += alphabet[byte % alphabet.length];
    }
  }
  return text.slice(0, length);
}

/** Bytes that look random and are the same in every run. */
export function madeBytes(length: number, seed = 'bytes'): Buffer {
  return Buffer.from(made(length * 2, hex, seed), 'hex');
}

/** A value in the spelling of a UUID. */
export const madeUuid = [8, 4, 4, 4, 12].map((length) => made(length, hex, `uuid ${length}`)).join('-');

/** DER of a sequence of the given content. */
export function sequence(...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([0x30, 0x82, content.length >> 8, content.length & 255]), content]);
}

/** Text armor, with the words apart so that nobody takes this file for a key. */
export function armor(label: string, body: Buffer, headers = ''): string {
  const lines = body.toString('base64').match(/.{1,64}/g) ?? [];
  const word = `${label}PRIVATE ${'KEY'}`;
  return `-----BEGIN ${word}-----\n${headers}${lines.join('\n')}\n-----END ${word}-----\n`;
}

/** The body of a key of OpenSSH with the given cipher. */
export function openSshBody(cipher: string): Buffer {
  const text = (value: string | Buffer): Buffer => {
    const bytes = Buffer.from(value as string);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  return Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    ...[text(cipher), text(cipher === 'none' ? 'none' : 'bcrypt'), text('')],
    ...[Buffer.from([0, 0, 0, 1]), text(madeBytes(51)), text(madeBytes(144))],
  ]);
}

/** A keystore of Java with one entry: 1 is a private key, 2 a certificate. */
export function keystore(tag: 1 | 2): Buffer {
  const number = (value: number, bytes: number): Buffer => {
    const buffer = Buffer.alloc(bytes);
    buffer.writeUIntBE(value, 0, bytes);
    return buffer;
  };
  const text = (value: string): Buffer => Buffer.concat([number(value.length, 2), Buffer.from(value)]);
  const entry = [number(tag, 4), text('alias'), Buffer.alloc(8), ...(tag === 2 ? [text('X.509')] : [])];
  const content = [number(200, 4), madeBytes(200)];
  const head = [Buffer.from('feedfeed', 'hex'), number(2, 4), number(1, 4)];
  return Buffer.concat([...head, ...entry, ...content, madeBytes(20, 'digest')]);
}
