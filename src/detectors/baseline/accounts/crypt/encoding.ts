/** Digits of all encodings of crypt(3), in the order of their values. */
export const cryptDigits = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const values = new Map([...cryptDigits].map((digit, value) => [digit, value]));

/** Value of one digit, 0–63; undefined when it is none. */
export function digitValue(digit: string | undefined): number | undefined {
  return digit === undefined ? undefined : values.get(digit);
}

/** The low bits of a number as digits, lowest first: the order of md5crypt, sha-crypt, scrypt and yescrypt. */
export function lowDigits(value: number, digits: number): string {
  let text = '';
  let rest = value;
  for (let count = 0; count < digits; count++) {
    text += cryptDigits[rest & 63];
    rest >>>= 6;
  }
  return text;
}

/** Bytes in groups of three, the first lowest, as digits; the last group is as long as its bits need. */
export function encodeBytes(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = bytes.subarray(at, at + 3);
    const value = (group[0] ?? 0) | ((group[1] ?? 0) << 8) | ((group[2] ?? 0) << 16);
    text += lowDigits(value, Math.ceil((group.length * 8) / 6));
  }
  return text;
}

/** The inverse of `encodeBytes`; undefined when the text is not of it. */
export function decodeBytes(text: string): Uint8Array | undefined {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 4) {
    const group = text.slice(at, at + 4);
    let value = 0;
    for (const [index, digit] of [...group].entries()) {
      const part = digitValue(digit);
      if (part === undefined) return undefined;
      value |= part << (6 * index);
    }
    const count = Math.floor((group.length * 6) / 8);
    if (count === 0 || value >>> (8 * count) !== 0) return undefined;
    for (let index = 0; index < count; index++) bytes.push((value >>> (8 * index)) & 255);
  }
  return Uint8Array.from(bytes);
}

/** Bytes of a digest in the order in which a scheme shuffles them, in groups of three, the first highest. */
export function encodeShuffled(digest: Uint8Array, groups: readonly (readonly number[])[]): string {
  return groups
    .map((group) => {
      const value = group.reduce((sum, index) => (sum << 8) | (digest[index] ?? 0), 0);
      return lowDigits(value, Math.ceil((group.length * 8) / 6));
    })
    .join('');
}
