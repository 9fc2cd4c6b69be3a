import type { RiskEvidence } from '../../../contract.ts';
import type { Check } from '../../contract.ts';
import { identificationCheck } from '../../define-check.ts';
import { givenFile } from '../../given.ts';
import { failIf, worst } from '../../outcome.ts';
import { namedRounds, type PasswordField } from '../crypt/schemes.ts';
import { defaultRounds } from '../crypt/sha-crypt.ts';
import { loginDefsPaths, loginDefsReader } from '../files/login-defs.ts';
import { isLoginShell, passwordsOf, type UserPassword, withHash } from '../passwords.ts';

const emptyPassword = identificationCheck({
  id: 'ID-001',
  item: 'non_pwd_user',
  level: 'high',
  title: { en: 'Account without password', zh: '存在无密码账号' },
  description: {
    en: 'An account has an empty password: whoever may log in there or use su needs nothing to become it.',
    zh: '账号密码为空，任何能够登录或使用 su 的人无需密码即可获得该账号的权限。',
  },
  advice: {
    en: 'Lock the account with passwd -l (or put ! in the field of /etc/shadow), or remove it.',
    zh: '使用 passwd -l 锁定该账号(或将 /etc/shadow 中的密码字段设为 !)，或删除该账号。',
  },
  evaluate(context) {
    const passwords = passwordsOf(context);
    if (passwords.end !== undefined) return passwords.end;
    const empty = passwords.users.filter(({ password }) => password.kind === 'empty');
    const levels = empty.map(({ account }) => (account && isLoginShell(account.shell) ? 'high' : 'medium'));
    return failIf(
      empty.map(({ evidence }) => evidence('empty password')),
      { level: worst(levels) ?? 'high' },
    );
  },
});

const duplicateHash = identificationCheck({
  id: 'ID-003',
  item: 'duplicate_pwd_hash',
  level: 'medium',
  title: { en: 'Accounts share a password hash', zh: '多个账号使用相同的密码哈希' },
  description: {
    en: 'Several accounts have the same hash, salt included: one was copied from the other, and who knows one password knows all.',
    zh: '多个账号的密码哈希(含盐值)完全相同，说明密码被复制，知道其中一个密码即可登录所有这些账号。',
  },
  advice: { en: 'Give each account credentials of its own, or lock it.', zh: '为每个账号设置独立的凭据，或将其锁定。' },
  evaluate(context) {
    const passwords = passwordsOf(context);
    if (passwords.end !== undefined) return passwords.end;
    const byHash = Map.groupBy(withHash(passwords.users), ({ field }) => field);
    return failIf(
      [...byHash.values()].flatMap(([first, ...others]) =>
        others
          .filter(({ name }) => name !== first?.name)
          .map(({ evidence }) => evidence(`same password hash as ${first?.name}`)),
      ),
    );
  },
});

const weakHash = identificationCheck({
  id: 'ID-007',
  item: 'weak_hash',
  level: 'medium',
  title: { en: 'Passwords are hashed weakly', zh: '密码哈希算法过弱' },
  description: {
    en: 'A password is kept as DES or MD5 hash or with few rounds, or new ones would be: such hashes are guessed millions of times a second.',
    zh: '密码使用 DES、MD5 或轮数过少的哈希保存(或新密码将如此保存)，此类哈希可被每秒数百万次地猜测。',
  },
  advice: {
    en: 'Set ENCRYPT_METHOD YESCRYPT or SHA512 in /etc/login.defs and set the passwords again, or lock the accounts.',
    zh: '在 /etc/login.defs 中设置 ENCRYPT_METHOD 为 YESCRYPT 或 SHA512 并重新设置密码，或锁定账号。',
  },
  evaluate(context) {
    const passwords = passwordsOf(context);
    const evidence: RiskEvidence[] = [];
    if (passwords.end === undefined) {
      for (const user of withHash(passwords.users)) {
        const why = weaknessOf(user);
        if (why !== undefined) evidence.push(user.evidence(why));
      }
    } else if (passwords.end.result === 'unknown') return passwords.end;
    const defs = loginDefsPaths
      .map((path) => givenFile(context, loginDefsReader, path))
      .find(({ end }) => end?.result !== 'not_applicable');
    if (defs?.end !== undefined) return evidence.length > 0 ? failIf(evidence) : defs.end;
    if (defs !== undefined) {
      const { ENCRYPT_METHOD: method, MD5_CRYPT_ENAB: md5 } = defs.file.facts.settings;
      if (method !== undefined && /^(md5|des)$/i.test(method.value)) {
        evidence.push(context.evidence(defs.file, { line: method.line, excerpt: `ENCRYPT_METHOD ${method.value}` }));
      } else if (method === undefined && md5 !== undefined && /^yes$/i.test(md5.value)) {
        evidence.push(context.evidence(defs.file, { line: md5.line, excerpt: 'MD5_CRYPT_ENAB yes' }));
      }
    } else if (passwords.end !== undefined) return passwords.end;
    return failIf(evidence);
  },
});

function weaknessOf({ password, field }: UserPassword): string | undefined {
  const { scheme } = password as PasswordField & { readonly kind: 'hash' };
  if (scheme === 'des' || scheme === 'bsdi') return 'DES hash';
  if (scheme === 'md5crypt') return 'MD5 hash ($1$)';
  const rounds = namedRounds(field);
  return rounds !== undefined && rounds < defaultRounds ? `${scheme} with ${rounds} rounds` : undefined;
}

const usablePassword = identificationCheck({
  id: 'ID-012',
  item: 'usable_password',
  level: 'medium',
  title: { en: 'Image carries a usable password', zh: '镜像中存在可用的密码' },
  description: {
    en: 'An account has a password that works: every container of the image has it, and whoever can pull the image can guess it at leisure.',
    zh: '账号存在可用密码：该镜像的所有容器都使用同一密码，任何能够拉取镜像的人都可离线破解。',
  },
  advice: {
    en: 'Lock the account (passwd -l) and log in with keys or an external identity.',
    zh: '锁定该账号(passwd -l)，改用密钥或外部身份认证登录。',
  },
  evaluate(context) {
    const passwords = passwordsOf(context);
    if (passwords.end !== undefined) return passwords.end;
    return failIf(
      withHash(passwords.users).map(({ password, evidence }) =>
        evidence(`usable password (${password.kind === 'hash' ? password.scheme : ''})`),
      ),
    );
  },
});

/** Checks of the fields of passwords. */
export const passwordFieldChecks: readonly Check[] = [emptyPassword, duplicateHash, weakHash, usablePassword];
