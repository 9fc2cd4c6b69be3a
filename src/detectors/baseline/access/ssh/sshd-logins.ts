import type { RiskEvidence } from '../../../contract.ts';
import type { Check, CheckContext, CheckOutcome } from '../../contract.ts';
import { sshCheck } from '../../define-check.ts';
import { failIf, notApplicable, unknown } from '../../outcome.ts';
import { type SshdConfig, type SshdValue, sshdConfig, sshdProgram } from './sshd-config.ts';

const installed = sshCheck({
  id: 'SH-001',
  item: 'sshd_installed',
  level: 'medium',
  title: { en: 'SSH server in the image', zh: '镜像中安装了 SSH 服务' },
  description: {
    en: 'The image has an SSH server: a second way in, with accounts and keys of its own, past what the platform logs and allows.',
    zh: '镜像中包含 SSH 服务，它提供了绕过平台审计和权限控制的另一条登录途径，并带有独立的账号和密钥。',
  },
  advice: {
    en: 'Remove openssh-server and use exec of the container platform.',
    zh: '移除 openssh-server，使用容器平台的 exec 功能。',
  },
  evaluate(context) {
    const program = sshdProgram(context);
    return failIf(program === undefined ? [] : [context.evidence(program)]);
  },
});

/** Judges a keyword of the server wherever it is set; a value that is not known because of an unread file is never passed. */
export function judgeValues(
  config: SshdConfig,
  keys: readonly string[],
  isBad: (value: SshdValue, key: string) => boolean,
): { readonly bad: readonly SshdValue[]; readonly open: CheckOutcome | undefined } {
  const bad = keys.flatMap((key) => (config.values.get(key) ?? []).filter((value) => isBad(value, key)));
  const unset = keys.some((key) => !isSet(config, key));
  const [file] = config.unread;
  const open = unset && file !== undefined ? unknown('unread_include', `/${file} could not be read`) : undefined;
  return { bad, open };
}

/** Whether a value holds for everybody. */
export function isSet(config: SshdConfig, key: string): boolean {
  return config.values.get(key)?.some(({ match }) => match === null) === true;
}

/** Why a check of the server's configuration does not apply. */
export const noServer: CheckOutcome = notApplicable('no SSH server');

function says(yes: string): (value: SshdValue) => boolean {
  return ({ args }) => args[0]?.toLowerCase() === yes;
}

function ifServer(
  evaluate: (config: SshdConfig, context: CheckContext) => CheckOutcome,
): (context: CheckContext) => CheckOutcome {
  return (context) => (sshdProgram(context) === undefined ? noServer : evaluate(sshdConfig(context), context));
}

const rootLogin = sshCheck({
  id: 'SH-002',
  item: 'permit_root_login',
  level: 'medium',
  title: { en: 'SSH lets root log in with a password', zh: 'SSH 允许 root 使用密码登录' },
  description: {
    en: 'PermitRootLogin is yes: the password of root can be guessed from the network.',
    zh: 'PermitRootLogin 设置为 yes，可从网络上猜测 root 的密码。',
  },
  advice: { en: 'Set PermitRootLogin no.', zh: '设置 PermitRootLogin no。' },
  evaluate: ifServer((config) => {
    const { bad, open } = judgeValues(config, ['permitrootlogin'], says('yes'));
    return bad.length === 0 && open ? open : failIf(bad.map(({ evidence }) => evidence));
  }),
});

const emptyPasswords = sshCheck({
  id: 'SH-003',
  item: 'permit_empty_passwords',
  level: 'high',
  title: { en: 'SSH accepts empty passwords', zh: 'SSH 允许空密码登录' },
  description: {
    en: 'PermitEmptyPasswords is yes: accounts without password can be entered from the network.',
    zh: 'PermitEmptyPasswords 设置为 yes，无密码账号可直接从网络登录。',
  },
  advice: { en: 'Set PermitEmptyPasswords no.', zh: '设置 PermitEmptyPasswords no。' },
  evaluate: ifServer((config) => {
    const { bad, open } = judgeValues(config, ['permitemptypasswords'], says('yes'));
    return bad.length === 0 && open ? open : failIf(bad.map(({ evidence }) => evidence));
  }),
});

const passwordLogin = sshCheck({
  id: 'SH-004',
  item: 'password_authentication',
  level: 'low',
  title: { en: 'SSH accepts passwords', zh: 'SSH 允许密码认证' },
  description: {
    en: 'PasswordAuthentication is yes, which is also what the server does when nothing is written: passwords can be guessed from the network.',
    zh: 'PasswordAuthentication 为 yes(未配置时默认即为 yes)，可从网络上猜测密码。',
  },
  advice: { en: 'Set PasswordAuthentication no and use keys.', zh: '设置 PasswordAuthentication no，改用密钥登录。' },
  evaluate: ifServer((config, context) => {
    const { bad, open } = judgeValues(config, ['passwordauthentication'], says('yes'));
    if (bad.length > 0) return failIf(bad.map(({ evidence }) => evidence));
    if (open !== undefined) return open;
    if (isSet(config, 'passwordauthentication')) return failIf([]);
    return failIf([defaultEvidence(context, 'passwordauthentication yes')], { basis: 'default' });
  }),
});

/** Evidence that nothing is written and what holds then: at the program, because the configuration may be missing. */
export function defaultEvidence(context: CheckContext, what: string): RiskEvidence {
  const program = sshdProgram(context) ?? { path: 'usr/sbin/sshd', layer: 0 };
  return context.evidence(program, { excerpt: `${what} (default of the server)` });
}

/** Checks of who may log in over SSH. */
export const sshdLoginChecks: readonly Check[] = [installed, rootLogin, emptyPasswords, passwordLogin];
