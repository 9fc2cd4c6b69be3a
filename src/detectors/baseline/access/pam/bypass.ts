import type { RiskEvidence, RiskLevel } from '../../../contract.ts';
import type { Check } from '../../contract.ts';
import { pamCheck } from '../../define-check.ts';
import { failIf, notApplicable, unknown, worst } from '../../outcome.ts';
import type { PamRule } from './pam-file.ts';
import { hasPam, pamFiles, pamStack } from './pam-stack.ts';

type ModuleRule = PamRule & { readonly kind: 'module' };

/** Tools that only root can run to any effect: that root needs no password there lets nobody in. */
const toolsOfRoot: ReadonlySet<string> = new Set([
  ...['su', 'su-l', 'runuser', 'runuser-l', 'chfn', 'chsh', 'chage', 'chpasswd', 'chgpasswd', 'newusers', 'passwd'],
  ...['useradd', 'userdel', 'usermod', 'groupadd', 'groupdel', 'groupmod', 'groupmems', 'config-util', 'setup'],
  ...['halt', 'poweroff', 'reboot', 'shutdown', 'xserver', 'vlock', 'shadow', 'system-config-authentication'],
]);
/** Stacks in which distributions themselves write `nullok`. */
const sharedStack = /^(common-auth|system-auth|password-auth|base-auth|system-local-login)(-\w+)?$/;
/** Services through which people come in. */
const entrances: readonly string[] = ['sshd', 'login', 'remote', 'su', 'sudo', 'other'];

/** Modules that neither ask for anything nor let anybody in. */
const neutral: ReadonlySet<string> = new Set([
  ...['pam_env', 'pam_nologin', 'pam_faildelay', 'pam_securetty', 'pam_group', 'pam_warn', 'pam_echo', 'pam_motd'],
  ...['pam_keyinit', 'pam_loginuid', 'pam_selinux', 'pam_permit'],
]);

/** Whether success of a module ends the stack well: what follows is not asked. */
function isSufficient(control: string): boolean {
  return control === 'sufficient' || /\bsuccess=done\b/.test(control);
}

/** Success that passes rules over counts as well where the module itself asks nothing. */
function skips(control: string): boolean {
  return isSufficient(control) || /\bsuccess=[1-9]/.test(control);
}

/** Conditions of pam_succeed_if that name nobody: ranges of uids, or everybody but one. */
function isBroad(args: readonly string[]): boolean {
  const words = args.filter((arg) => !/^(debug|use_uid|audit|quiet\w*)$/.test(arg));
  const operators = words
    .flatMap((word) => word.split(/\s+/))
    .filter((word) => /^(=|eq|in|ingroup|innetgroup|=~)$/.test(word));
  return operators.length === 0;
}

/** What is wrong with one rule of an auth stack; undefined when nothing is. */
function faultOf(
  service: string,
  { control, module, args }: ModuleRule,
): { level: RiskLevel; what: string } | undefined {
  const rule = `auth ${control} ${module}`;
  if (module === 'pam_permit' && isSufficient(control)) return { level: 'high', what: rule };
  if (module === 'pam_succeed_if' && skips(control) && isBroad(args)) {
    return { level: 'high', what: `${rule} ${args.join(' ')}` };
  }
  if (module === 'pam_rootok' && !toolsOfRoot.has(service) && control !== 'required' && control !== 'requisite') {
    return { level: 'high', what: rule };
  }
  if (module === 'pam_unix' && args.some((arg) => /^nullok(_secure)?$/.test(arg))) {
    return { level: sharedStack.test(service) ? 'low' : 'high', what: `${rule} nullok` };
  }
  return undefined;
}

const pamBypass = pamCheck({
  id: 'SH-010',
  item: 'pam_bypass',
  level: 'high',
  title: { en: 'PAM can be passed without authentication', zh: 'PAM 认证可被绕过' },
  description: {
    en: 'A rule of PAM lets people in without a password: pam_permit or a broad pam_succeed_if that suffices, pam_rootok for a service, empty passwords (nullok).',
    zh: 'PAM 规则允许无需密码即可通过认证：sufficient 的 pam_permit 或范围过宽的 pam_succeed_if、服务中的 pam_rootok、允许空密码(nullok)。',
  },
  advice: {
    en: 'Restore the stack of the distribution and take nullok out.',
    zh: '恢复发行版默认的 PAM 配置，并移除 nullok。',
  },
  evaluate(context) {
    if (!hasPam(context)) return notApplicable('no PAM configuration');
    const evidence: RiskEvidence[] = [];
    const levels: RiskLevel[] = [];
    let unread: string | undefined;
    for (const { service, place } of pamFiles(context)) {
      if (place.facts === undefined || place.facts.truncated === true) unread ??= place.path;
      for (const rule of place.facts?.rules ?? []) {
        if (rule.kind !== 'module' || rule.type !== 'auth') continue;
        const fault = faultOf(rule.service ?? service, rule);
        if (fault === undefined) continue;
        levels.push(fault.level);
        evidence.push(context.evidence(place, { line: rule.line, excerpt: fault.what }));
      }
    }
    for (const service of entrances) {
      const stack = pamStack(context, service, 'auth');
      const permit = stack.find(({ rule }) => rule.module === 'pam_permit');
      if (permit === undefined || !stack.every(({ rule }) => neutral.has(rule.module))) continue;
      levels.push('high');
      const excerpt = `${service}: nothing is asked before pam_permit`;
      evidence.push(context.evidence(permit.place, { line: permit.rule.line, excerpt }));
    }
    if (evidence.length === 0 && unread !== undefined) return unknown('too_large', `/${unread} is too large`);
    return failIf(evidence, { level: worst(levels) ?? 'high' });
  },
});

/** Checks of PAM. */
export const pamChecks: readonly Check[] = [pamBypass];
