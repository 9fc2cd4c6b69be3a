import type { CheckSet } from '../contract.ts';
import { accountFileChecks } from './checks/account-files.ts';
import { identityChecks } from './checks/identities.ts';
import { loginChecks } from './checks/logins.ts';
import { passwordFieldChecks } from './checks/password-fields.ts';
import { passwordRuleChecks } from './checks/password-rules.ts';
import { weakPasswordChecks } from './checks/weak-password.ts';
import { groupReader, gshadowReader } from './files/group.ts';
import { hostnameReader } from './files/hostname.ts';
import { loginDefsReader } from './files/login-defs.ts';
import { passwdReader } from './files/passwd.ts';
import { pwqualityReader } from './files/pwquality.ts';
import { masterPasswdReader, shadowReader } from './files/shadow.ts';

/** Accounts and passwords (risks.md §2.4). */
export const accountChecks: CheckSet = {
  group: 'ID',
  readers: [
    ...[passwdReader, shadowReader, masterPasswdReader, groupReader, gshadowReader],
    ...[loginDefsReader, pwqualityReader, hostnameReader],
  ],
  checks: [
    ...passwordFieldChecks,
    ...weakPasswordChecks,
    ...identityChecks,
    ...passwordRuleChecks,
    ...loginChecks,
    ...accountFileChecks,
  ].sort((a, b) => (a.id < b.id ? -1 : 1)),
};
