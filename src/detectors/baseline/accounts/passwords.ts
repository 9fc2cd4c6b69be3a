import type { RiskEvidence } from '../../contract.ts';
import type { CheckContext, CheckOutcome } from '../contract.ts';
import { type Given, givenFile } from '../given.ts';
import { type PasswordField, passwordField } from './crypt/schemes.ts';
import { type Account, passwdReader } from './files/passwd.ts';
import type { RecordFacts } from './files/records.ts';
import { masterPasswdReader, type ShadowEntry, shadowReader } from './files/shadow.ts';

/** The password of one user and the line that has it. */
export interface UserPassword {
  readonly name: string;
  readonly field: string;
  readonly password: PasswordField;
  /** Undefined for a line of shadow whose user passwd does not have. */
  readonly account: Account | undefined;
  readonly evidence: (excerpt: string) => RiskEvidence;
}

/** Passwords of an image, or how a check of them ends. */
export type Passwords =
  | { readonly users: readonly UserPassword[]; readonly end?: undefined }
  | { readonly end: CheckOutcome };

/**
 * Every password of an image, wherever it stands: in shadow, in passwd where it is not sent to shadow by `x` (that one
 * counts then, whatever shadow says: pam_unix does not look), in BSD's master.passwd.
 */
export function passwordsOf(context: CheckContext): Passwords {
  const passwd = givenFile(context, passwdReader, 'etc/passwd');
  const shadows = [
    givenFile(context, shadowReader, 'etc/shadow'),
    givenFile(context, masterPasswdReader, 'etc/master.passwd'),
  ];
  const all: readonly Given<unknown>[] = [passwd, ...shadows];
  const undecided = all.find(({ end }) => end?.result === 'unknown')?.end;
  if (undecided !== undefined) return { end: undecided };
  if (all.every(({ end }) => end !== undefined)) return { end: passwd.end ?? { result: 'pass' } };
  const accounts = passwd.end === undefined ? passwd.file.facts.records : [];
  const byName = new Map<string, Account>();
  for (const account of accounts) if (!byName.has(account.name)) byName.set(account.name, account);
  const users: UserPassword[] = [];
  if (passwd.end === undefined) users.push(...own(context, passwd.file));
  const answered = new Set(users.map(({ name }) => name));
  for (const shadow of shadows) {
    if (shadow.end !== undefined) continue;
    const entries = shadow.file.facts.records.filter(({ name }) => !answered.has(name));
    users.push(...entries.map((entry) => userOf(context, shadow.file, entry, byName.get(entry.name))));
  }
  return { users };
}

function own(
  context: CheckContext,
  file: { readonly path: string; readonly layer: number; readonly facts: RecordFacts<Account> },
): UserPassword[] {
  return file.facts.records
    .filter(({ password }) => password !== 'x')
    .map((account) => userOf(context, file, account, account));
}

function userOf(
  context: CheckContext,
  place: { readonly path: string; readonly layer: number },
  { name, line, password: field }: ShadowEntry,
  account: Account | undefined,
): UserPassword {
  return {
    ...{ name, field, password: passwordField(field), account },
    evidence: (excerpt) => context.evidence(place, { line, excerpt: `${name}: ${excerpt}` }),
  };
}

/** A user who has a password that somebody can type, or none to type. */
export function isUsable({ password }: UserPassword): boolean {
  return password.kind === 'hash' || password.kind === 'empty';
}

/** A user with a hash, as checks of hashes want them. */
export function withHash(users: readonly UserPassword[]): readonly UserPassword[] {
  return users.filter(({ password }) => password.kind === 'hash');
}

const noLogin: ReadonlySet<string> = new Set(['nologin', 'false', 'sync', 'shutdown', 'halt']);

/** Whether a shell lets its user work; an empty one means `/bin/sh`. */
export function isLoginShell(shell: string): boolean {
  return !noLogin.has(shell.trim().slice(shell.trim().lastIndexOf('/') + 1));
}
