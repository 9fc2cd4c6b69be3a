import type { RiskEvidence } from '../../../contract.ts';
import type { Check, CheckContext } from '../../contract.ts';
import { sshCheck } from '../../define-check.ts';
import { failIf, notApplicable, unknown } from '../../outcome.ts';
import { withIncludes } from './include.ts';
import { type Directive, sshReader } from './ssh-file.ts';

const watched: Readonly<Record<string, (args: readonly string[]) => boolean>> = {
  stricthostkeychecking: ([value]) => /^(no|off)$/i.test(value ?? ''),
  userknownhostsfile: (args) => args.includes('/dev/null'),
};

/** What a client is told in one configuration; a value that an earlier one for all hosts hides is not in force. */
function badDirectives(
  context: CheckContext,
  path: string,
  base?: string,
): { bad: RiskEvidence[]; unread: readonly string[] } {
  const bad: RiskEvidence[] = [];
  const decided = new Set<string>();
  const config = withIncludes(context, path, base);
  let scope: string | null = null;
  const outer: (string | null)[] = [];
  for (const step of config?.steps ?? []) {
    if (step.kind === 'enter') outer.push(scope);
    else if (step.kind === 'leave') scope = outer.pop() ?? null;
    else if (step.directive.key === 'host' || step.directive.key === 'match') scope = scopeOf(step.directive);
    else {
      const { key, args, line } = step.directive;
      const isBad = watched[key];
      if (isBad === undefined || decided.has(key)) continue;
      if (scope === null) decided.add(key);
      const excerpt = `${scope === null ? '' : `${scope}: `}${key} ${args.join(' ')}`;
      if (isBad(args)) bad.push(context.evidence(step.place, { line, excerpt }));
    }
  }
  return { bad, unread: config?.unread ?? [] };
}

function scopeOf({ key, args }: Directive): string | null {
  const everybody = args.length === 1 && (key === 'host' ? args[0] === '*' : /^all$/i.test(args[0] ?? ''));
  return everybody ? null : `${key} ${args.join(' ')}`;
}

const hostKeyChecking = sshCheck({
  id: 'SH-008',
  item: 'host_key_checking_off',
  level: 'low',
  title: { en: 'SSH client does not check host keys', zh: 'SSH 客户端未校验主机密钥' },
  description: {
    en: 'StrictHostKeyChecking is off or known hosts are thrown away: whoever sits between can pose as the server.',
    zh: 'StrictHostKeyChecking 被关闭或 known_hosts 被丢弃，中间人可冒充目标服务器。',
  },
  advice: { en: 'Pin the keys of the hosts in known_hosts.', zh: '在 known_hosts 中固定主机密钥。' },
  evaluate(context) {
    const system = ['etc/ssh/ssh_config', 'usr/etc/ssh/ssh_config'].filter(
      (path) => context.file(sshReader, path) !== undefined,
    );
    const users = context.files(sshReader).filter(({ path }) => path.endsWith('/.ssh/config'));
    if (system.length + users.length === 0) return notApplicable('no configuration of an SSH client');
    const results = [
      ...system.slice(0, 1).map((path) => badDirectives(context, path)),
      ...users.slice(0, 1000).map(({ path }) => badDirectives(context, path, path.slice(0, path.lastIndexOf('/')))),
    ];
    const evidence = results.flatMap(({ bad }) => bad);
    const unread = results.flatMap((result) => result.unread)[0];
    if (evidence.length === 0 && unread !== undefined) return unknown('unread_include', `/${unread} could not be read`);
    return failIf(evidence);
  },
});

/** Checks of the SSH client. */
export const sshClientChecks: readonly Check[] = [hostKeyChecking];
