const letters = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** A password of 20 characters that are not mixed up when read aloud: about 115 bits. */
export function makePassword(): string {
  const password: string[] = [];
  while (password.length < 20) {
    for (const byte of crypto.getRandomValues(new Uint8Array(32))) {
      // Bytes beyond the last whole run of letters would prefer the first ones.
      if (byte < 256 - (256 % letters.length) && password.length < 20)
        password.push(letters[byte % letters.length] ?? '');
    }
  }
  return password.join('');
}

/** Shortest password that the server takes. */
export const shortestPassword = 12;
