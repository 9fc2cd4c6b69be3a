/** What the password field of an account holds. */
export type HashScheme =
  | 'des'
  | 'bsdi'
  | 'md5crypt'
  | 'sha256crypt'
  | 'sha512crypt'
  | 'bcrypt'
  | 'scrypt'
  | 'yescrypt'
  | 'gost-yescrypt'
  | 'other';

/** A password field, by what it lets somebody do (crypt(5), shadow(5)). */
export type PasswordField =
  | { readonly kind: 'empty' }
  /** Starts with `*` or `!`, or is no hash that any password has. */
  | { readonly kind: 'locked' }
  /** `x` in passwd: the field of shadow counts. */
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'hash'; readonly scheme: HashScheme };

const schemes: readonly (readonly [RegExp, HashScheme])[] = [
  [/^\$1\$/, 'md5crypt'],
  [/^\$5\$/, 'sha256crypt'],
  [/^\$6\$/, 'sha512crypt'],
  [/^\$2[aby]\$/, 'bcrypt'],
  [/^\$7\$/, 'scrypt'],
  [/^\$y\$/, 'yescrypt'],
  [/^\$gy\$/, 'gost-yescrypt'],
  [/^\$[A-Za-z0-9]/, 'other'],
  [/^_[./0-9A-Za-z]{19}$/, 'bsdi'],
  [/^[./0-9A-Za-z]{13}$/, 'des'],
];

/** Says what a password field is. A text that is no hash of any scheme locks the account as `*` does. */
export function passwordField(field: string): PasswordField {
  if (field === '') return { kind: 'empty' };
  if (field === 'x') return { kind: 'elsewhere' };
  const scheme = schemes.find(([pattern]) => pattern.test(field))?.[1];
  return scheme === undefined ? { kind: 'locked' } : { kind: 'hash', scheme };
}

const roundsPattern = /^\$[56]\$rounds=(\d{1,10})\$/;

/** Rounds that a sha-crypt hash names; undefined when it names none. */
export function namedRounds(field: string): number | undefined {
  const rounds = roundsPattern.exec(field)?.[1];
  return rounds === undefined ? undefined : Number(rounds);
}
