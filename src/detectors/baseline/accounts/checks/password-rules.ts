import type { RiskEvidence } from '../../../contract.ts';
import { hasPam } from '../../access/pam/pam-stack.ts';
import type { Check } from '../../contract.ts';
import { identificationCheck } from '../../define-check.ts';
import { givenFile } from '../../given.ts';
import { failIf, notApplicable } from '../../outcome.ts';
import { loginDefsPaths, loginDefsReader, settingNumber } from '../files/login-defs.ts';
import { isUsable, passwordsOf } from '../passwords.ts';
import { complexityOf, complexityText } from './complexity.ts';

const complexity = identificationCheck({
  id: 'ID-008',
  item: 'pwd_complexity',
  level: 'low',
  title: { en: 'Simple passwords are accepted', zh: '未要求密码复杂度' },
  description: {
    en: 'PAM does not ask new passwords for eight characters of four classes, so that passwd accepts ones that are soon guessed.',
    zh: 'PAM 未要求新密码至少 8 位并包含四类字符，passwd 会接受容易被猜到的密码。',
  },
  advice: {
    en: 'Use pam_pwquality with minlen = 8 and dcredit, ucredit, lcredit and ocredit = -1.',
    zh: '启用 pam_pwquality，设置 minlen = 8，并将 dcredit、ucredit、lcredit、ocredit 设为 -1。',
  },
  evaluate(context) {
    if (!hasPam(context)) return notApplicable('no PAM configuration');
    const { rules, place, module } = complexityOf(context);
    const demanded = Object.values(rules).every(Boolean);
    const at = place ?? { path: 'etc/pam.d', layer: context.entry('etc/pam.d')?.layer ?? 0 };
    return failIf(demanded ? [] : [context.evidence(at, { excerpt: `${module ?? 'none'}: ${complexityText(rules)}` })]);
  },
});

const ageing = identificationCheck({
  id: 'ID-009',
  item: 'pwd_ageing',
  level: 'low',
  title: { en: 'Passwords never expire', zh: '未设置密码有效期' },
  description: {
    en: 'login.defs lets passwords live longer than a year or be changed back at once, or new files be read by everybody.',
    zh: 'login.defs 允许密码超过一年不更换或立即改回，或使新建文件可被所有人读取。',
  },
  advice: {
    en: 'Set PASS_MAX_DAYS 365 or less, PASS_MIN_DAYS 1 or more, UMASK 027.',
    zh: '设置 PASS_MAX_DAYS 不大于 365、PASS_MIN_DAYS 不小于 1、UMASK 为 027。',
  },
  evaluate(context) {
    const passwords = passwordsOf(context);
    if (passwords.end !== undefined) return passwords.end;
    if (!passwords.users.some(isUsable)) return notApplicable('no account has a usable password');
    const defs = loginDefsPaths
      .map((path) => givenFile(context, loginDefsReader, path))
      .find(({ end }) => end?.result !== 'not_applicable');
    if (defs === undefined) return notApplicable('no /etc/login.defs');
    if (defs.end !== undefined) return defs.end;
    const { file } = defs;
    const evidence: RiskEvidence[] = [];
    for (const { name, isBad, ifMissing } of ageingRules) {
      const setting = file.facts.settings[name];
      const value = setting === undefined ? ifMissing : settingNumber(setting);
      if (value === undefined || !isBad(value)) continue;
      const excerpt = setting === undefined ? `${name} is not set` : `${name} ${setting.value}`;
      evidence.push(context.evidence(file, { ...(setting && { line: setting.line }), excerpt }));
    }
    return failIf(evidence);
  },
});

/** What shadow's tools take where a line is missing: no limit, and the umask of the process. */
const ageingRules = [
  { name: 'PASS_MAX_DAYS', isBad: (days: number) => days > 365 || days < 0, ifMissing: -1 },
  { name: 'PASS_MIN_DAYS', isBad: (days: number) => days <= 0, ifMissing: 0 },
  { name: 'UMASK', isBad: (mask: number) => (mask & 0o027) !== 0o027, ifMissing: undefined },
] as const;

/** Checks of what is asked of new passwords. */
export const passwordRuleChecks: readonly Check[] = [complexity, ageing];
