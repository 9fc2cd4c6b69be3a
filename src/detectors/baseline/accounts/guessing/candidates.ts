import { commonPasswords } from './common-passwords.data.ts';

/** One password to try, and what is said of it when it fits; the password itself is never said. */
export interface Candidate {
  readonly password: string;
  readonly weakness: string;
}

/** Names that an image builder is likely to have made a password of. */
export interface KnownNames {
  /** Of `/etc/hostname`. */
  readonly host: string | undefined;
  /** Last part of the repository of the image. */
  readonly image: string | undefined;
  /** Words of the administrator. */
  readonly words: readonly string[];
}

/** What is tried on the password of one account, likeliest first, without repetitions (risks.md ID-002). */
export function candidatesOf(user: string, { host, image, words }: KnownNames): readonly Candidate[] {
  const all: Candidate[] = [
    { password: '', weakness: 'empty password' },
    { password: user, weakness: 'equals the user name' },
    { password: `${user}123`, weakness: 'the user name and 123' },
    { password: [...user].reverse().join(''), weakness: 'the user name reversed' },
    ...(host === undefined ? [] : [{ password: host, weakness: 'equals the host name' }]),
    ...(image === undefined ? [] : [{ password: image, weakness: 'equals the image name' }]),
    ...words.map((password) => ({ password, weakness: 'word of the policy' })),
    ...commonPasswords.map((password) => ({ password, weakness: 'common password' })),
  ];
  const seen = new Set<string>();
  return all.filter(({ password }) => !seen.has(password) && seen.add(password));
}

/** Last part of the repository that a reference names: `app` of `registry.example:5000/team/app:1@sha256:…`. */
export function imageName(reference: string): string | undefined {
  const path = reference.split('@')[0]?.replace(/\/+$/, '') ?? '';
  const name = path.slice(path.lastIndexOf('/') + 1).split(':')[0];
  return name === '' ? undefined : name;
}
