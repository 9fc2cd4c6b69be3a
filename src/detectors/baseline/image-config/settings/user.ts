import type { RiskLevel } from '../../../contract.ts';
import type { CheckContext } from '../../contract.ts';
import { instructionCheck } from '../../define-check.ts';
import { fileChecks } from '../../files/index.ts';
import { failIf, notApplicable, pass, unknown } from '../../outcome.ts';
import { runUser } from './accounts.ts';
import { adminPorts } from './exposed-ports.ts';

const tooLarge = unknown('too_large', '/etc/passwd is larger than what is read.');

/** IC-001 */
export const noUser = instructionCheck({
  id: 'IC-001',
  item: 'no_user',
  level: 'medium',
  title: { en: 'Containers run as root', zh: '容器以 root 用户运行' },
  description: {
    en: 'The image names no user, or one whose uid is 0. Whoever breaks into the process is root in the container. High where a port for remote administration is exposed or a dangerous setuid file lies in the image.',
    zh: '镜像未指定运行用户，或指定用户的 uid 为 0。进程一旦被攻破，攻击者即为容器内的 root。若同时暴露远程管理端口或存在危险的 setuid 文件，则为高危。',
  },
  advice: {
    en: 'End the Dockerfile with USER and a numeric uid that is not 0.',
    zh: '在 Dockerfile 末尾使用 USER 指定非 0 的数字 uid。',
  },
  async evaluate(context) {
    const user = runUser(context);
    if (user.kind === 'unreadable') return tooLarge;
    if (user.kind === 'missing') return unknown('no_such_user', 'The image has no account of that name.');
    if (user.uid !== 0) return pass;
    const written = context.image.settings.user;
    const excerpt = written === '' ? 'no user' : written;
    return failIf([context.settingsEvidence('config:User', excerpt)], { level: await rootLevel(context) });
  },
});

/** Root is worse where there is a way in, or a way up. */
async function rootLevel(context: CheckContext): Promise<RiskLevel> {
  if (adminPorts(context.image.settings.exposedPorts).length > 0) return 'high';
  const setuid = fileChecks.checks.find(({ id }) => id === 'FS-001');
  const outcome = await setuid?.evaluate(context);
  return outcome?.result === 'fail' && (outcome.level ?? setuid?.level) === 'high' ? 'high' : 'medium';
}

/** IC-002 */
export const unknownUser = instructionCheck({
  id: 'IC-002',
  item: 'unknown_user',
  level: 'low',
  title: { en: 'User has no account in the image', zh: '运行用户在镜像中不存在' },
  description: {
    en: 'The user of the image is a name that /etc/passwd does not have: containers do not start, or run as somebody else once the name is added.',
    zh: '镜像指定的用户名不在 /etc/passwd 中：容器无法启动，或在该名称被添加后以其他身份运行。',
  },
  advice: { en: 'Create the account in the build, or use a numeric uid.', zh: '在构建中创建该账号，或使用数字 uid。' },
  evaluate(context) {
    const [name = ''] = context.image.settings.user.trim().split(':', 1);
    if (name === '' || /^[+-]?\d+$/.test(name)) return notApplicable('The user is a number, or none is named.');
    const user = runUser(context);
    if (user.kind === 'unreadable') return tooLarge;
    return failIf(user.kind === 'missing' ? [context.settingsEvidence('config:User', name)] : []);
  },
});
