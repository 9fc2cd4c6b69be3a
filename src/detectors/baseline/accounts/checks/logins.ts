import type { RiskEvidence } from '../../../contract.ts';
import { authorizedKeysOf } from '../../access/ssh/authorized-keys.ts';
import type { Check } from '../../contract.ts';
import { identificationCheck } from '../../define-check.ts';
import { givenFile } from '../../given.ts';
import { failIf } from '../../outcome.ts';
import { groupReader } from '../files/group.ts';
import { passwdReader } from '../files/passwd.ts';
import { isLoginShell, isUsable, passwordsOf } from '../passwords.ts';

const systemLoginShell = identificationCheck({
  id: 'ID-010',
  item: 'system_login_shell',
  level: 'low',
  title: { en: 'System account can log in', zh: '系统账号可登录' },
  description: {
    en: 'An account of a service (uid below 1000) has a login shell and a password or key to log in with.',
    zh: '系统账号(UID 小于 1000)配置了登录 Shell，并且拥有可用于登录的密码或密钥。',
  },
  advice: {
    en: 'Give it /usr/sbin/nologin as shell and lock its password.',
    zh: '将其 Shell 设为 /usr/sbin/nologin 并锁定密码。',
  },
  evaluate(context) {
    const passwd = givenFile(context, passwdReader, 'etc/passwd');
    if (passwd.end !== undefined) return passwd.end;
    const passwords = passwordsOf(context);
    if (passwords.end !== undefined) return passwords.end;
    const usable = new Set(passwords.users.filter(isUsable).map(({ name }) => name));
    const evidence: RiskEvidence[] = [];
    for (const account of passwd.file.facts.records) {
      const { name, uid, shell, line } = account;
      if (uid === 0 || uid >= 1000 || !isLoginShell(shell)) continue;
      const keys = authorizedKeysOf(context, account.home);
      if (!usable.has(name) && keys === 0) continue;
      const by = usable.has(name) ? 'a usable password' : `${keys} authorized keys`;
      const what = `${name}: uid ${uid}, shell ${shell === '' ? '/bin/sh' : shell}, ${by}`;
      evidence.push(context.evidence(passwd.file, { line, excerpt: what }));
    }
    return failIf(evidence);
  },
});

const privileged: ReadonlySet<string> = new Set(['docker', 'sudo', 'wheel', 'adm', 'disk', 'shadow', 'lxd', 'root']);

const privilegedMember = identificationCheck({
  id: 'ID-013',
  item: 'privileged_group_member',
  level: 'medium',
  title: { en: 'Account is in a privileged group', zh: '账号属于特权组' },
  description: {
    en: 'An account other than root belongs to a group that gives rights of root, or a way to them: docker, sudo, wheel, adm, disk, shadow, lxd, root.',
    zh: '非 root 账号属于具有或可获取 root 权限的组：docker、sudo、wheel、adm、disk、shadow、lxd、root。',
  },
  advice: { en: 'Take the account out of the group.', zh: '将账号移出该组。' },
  evaluate(context) {
    const group = givenFile(context, groupReader, 'etc/group');
    if (group.end !== undefined) return group.end;
    const passwd = givenFile(context, passwdReader, 'etc/passwd');
    if (passwd.end?.result === 'unknown') return passwd.end;
    const accounts = passwd.end === undefined ? passwd.file.facts.records : undefined;
    const byName = accounts && new Map(accounts.map((account) => [account.name, account]));
    const byGid = Map.groupBy(accounts ?? [], ({ gid }) => gid);
    const evidence: RiskEvidence[] = [];
    for (const { name, gid, line, members } of group.file.facts.records) {
      if (!privileged.has(name)) continue;
      for (const member of new Set(members)) {
        // A name that is no account has no rights; without passwd nobody knows.
        const uid = byName === undefined ? -1 : byName.get(member)?.uid;
        if (member === 'root' || uid === undefined || uid === 0) continue;
        evidence.push(context.evidence(group.file, { line, excerpt: `${name}: member ${member}` }));
      }
      for (const account of byGid.get(gid) ?? []) {
        if (account.uid === 0 || passwd.end !== undefined) continue;
        const excerpt = `${account.name}: primary group ${name}`;
        evidence.push(context.evidence(passwd.file, { line: account.line, excerpt }));
      }
    }
    return failIf(evidence);
  },
});

/** Checks of who may log in and with what rights. */
export const loginChecks: readonly Check[] = [systemLoginShell, privilegedMember];
