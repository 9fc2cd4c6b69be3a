import type { RiskEvidence } from '../../../contract.ts';
import type { Check } from '../../contract.ts';
import { sshCheck } from '../../define-check.ts';
import { failIf } from '../../outcome.ts';
import { type SshdValue, sshdConfig, sshdProgram } from './sshd-config.ts';
import { defaultEvidence, isSet, judgeValues, noServer } from './sshd-logins.ts';

/** What is weak in each list of algorithms. */
const weakAlgorithms: Readonly<Record<string, RegExp>> = {
  ciphers: /^(3des|arcfour|blowfish|cast128|des)|-cbc(@|$)/,
  macs: /^hmac-(md5|sha1)|-96(-|@|$)/,
  kexalgorithms: /^diffie-hellman-(group1|group14|group-exchange)-sha1$/,
};

/** Weak algorithms that a value switches on: `-list` takes away, `+list` and `^list` add. */
function weakOf(key: string, { args }: SshdValue): readonly string[] {
  const list = args[0] ?? '';
  if (key === 'protocol') return list.split(',').filter((version) => version.trim() === '1');
  if (list.startsWith('-')) return [];
  const names = list.replace(/^[+^]/, '').toLowerCase().split(',', 200);
  return names.filter((name) => weakAlgorithms[key]?.test(name));
}

const weakCrypto = sshCheck({
  id: 'SH-005',
  item: 'weak_ssh_crypto',
  level: 'medium',
  title: { en: 'SSH uses weak cryptography', zh: 'SSH 启用了弱加密算法' },
  description: {
    en: 'The configuration switches on the first protocol, or ciphers, MACs or key exchanges that are broken or near it.',
    zh: '配置中显式启用了 SSH 协议 1，或已被攻破、接近被攻破的加密、MAC 或密钥交换算法。',
  },
  advice: {
    en: 'Remove the lines, so that the lists of the server hold, or name modern algorithms only.',
    zh: '删除相关配置以使用服务的默认列表，或仅保留现代算法。',
  },
  evaluate(context) {
    if (sshdProgram(context) === undefined) return noServer;
    const keys = ['protocol', ...Object.keys(weakAlgorithms)];
    const { bad, open } = judgeValues(sshdConfig(context), keys, (value, key) => weakOf(key, value).length > 0);
    return bad.length === 0 && open ? open : failIf(bad.map(({ evidence }) => evidence));
  },
});

/** A time of sshd_config(5) in seconds: `2m`, `1h30m`, `90`; undefined when it is none. */
export function seconds(text: string): number | undefined {
  if (!/^(\d{1,9}[smhdw]?){1,10}$/i.test(text)) return undefined;
  const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
  let total = 0;
  for (const [, number, unit] of text.matchAll(/(\d+)([smhdw]?)/gi)) {
    total += Number(number) * (units[unit?.toLowerCase() || 's'] ?? 1);
  }
  return total;
}

const hardening: Readonly<Record<string, (value: string) => boolean>> = {
  maxauthtries: (value) => Number(value) > 6,
  logingracetime: (value) => {
    const time = seconds(value);
    return time === 0 || (time ?? 0) > 120;
  },
  clientaliveinterval: (value) => seconds(value) === 0,
  x11forwarding: (value) => /^yes$/i.test(value),
  usepam: (value) => /^no$/i.test(value),
  loglevel: (value) => /^(quiet|silent)$/i.test(value),
};

const sshdHardening = sshCheck({
  id: 'SH-009',
  item: 'sshd_hardening',
  level: 'low',
  title: { en: 'SSH server is not hardened', zh: 'SSH 服务未加固' },
  description: {
    en: 'The server allows many tries or much time for a login, keeps dead sessions, forwards X11, bypasses PAM or logs nothing.',
    zh: 'SSH 服务允许过多的登录尝试或过长的登录时间、保留失效会话、转发 X11、绕过 PAM 或不记录日志。',
  },
  advice: {
    en: 'Set MaxAuthTries 6 or less, LoginGraceTime 120 or less, ClientAliveInterval 300, X11Forwarding no, UsePAM yes, LogLevel INFO.',
    zh: '设置 MaxAuthTries 不大于 6、LoginGraceTime 不大于 120、ClientAliveInterval 300、X11Forwarding no、UsePAM yes、LogLevel INFO。',
  },
  evaluate(context) {
    if (sshdProgram(context) === undefined) return noServer;
    const config = sshdConfig(context);
    const { bad, open } = judgeValues(
      config,
      Object.keys(hardening),
      ({ args }, key) => hardening[key]?.(args[0] ?? '') === true,
    );
    const evidence: RiskEvidence[] = bad.map((value) => value.evidence);
    if (evidence.length > 0) return failIf(evidence);
    if (open !== undefined) return open;
    // The other defaults of the server are within bounds, or depend on how it was built.
    if (isSet(config, 'clientaliveinterval')) return failIf([]);
    return failIf([defaultEvidence(context, 'clientaliveinterval 0')], { basis: 'default' });
  },
});

/** Checks of how the SSH server works. */
export const sshdHardeningChecks: readonly Check[] = [weakCrypto, sshdHardening];
