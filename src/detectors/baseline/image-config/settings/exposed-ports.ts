import { instructionCheck } from '../../define-check.ts';
import { failIf, notApplicable } from '../../outcome.ts';

/** SSH, telnet, rexec/rlogin/rsh, Docker, remote desktop. */
const administration = new Set([22, 23, 512, 513, 514, 2375, 2376, 3389]);

/** Exposed ports by which hosts are administered. */
export function adminPorts(exposed: readonly string[]): readonly string[] {
  return exposed.filter((port) => administration.has(Number(/^(\d{1,5})(?:\/|$)/.exec(port)?.[1] ?? Number.NaN)));
}

const none = notApplicable('The image exposes no port.');

/** IC-017 */
export const remoteAdminPort = instructionCheck({
  id: 'IC-017',
  item: 'remote_admin_port',
  level: 'medium',
  title: { en: 'A port for remote administration is exposed', zh: '暴露了远程管理端口' },
  description: {
    en: 'The image exposes a port of SSH, telnet, rsh, the Docker daemon or remote desktop: a container that is administered by logging in is a host nobody patches.',
    zh: '镜像暴露了 SSH、telnet、rsh、Docker 守护进程或远程桌面端口：需要登录管理的容器等同于无人维护的主机。',
  },
  advice: {
    en: 'Remove EXPOSE and the daemon behind it; use exec of the container platform.',
    zh: '移除 EXPOSE 及相应的守护进程，改用容器平台的 exec 功能。',
  },
  evaluate(context) {
    const { exposedPorts } = context.image.settings;
    if (exposedPorts.length === 0) return none;
    return failIf(adminPorts(exposedPorts).map((port) => context.settingsEvidence('config:ExposedPorts', port)));
  },
});

/** IC-018 */
export const badPort = instructionCheck({
  id: 'IC-018',
  item: 'bad_port',
  level: 'low',
  title: { en: 'An exposed port is none', zh: '暴露的端口无效' },
  description: {
    en: 'An exposed port is 0, above 65535, or not written as a number with tcp, udp or sctp: tools that open what is exposed do something else than was meant.',
    zh: '暴露的端口为 0、大于 65535，或未按“数字/tcp|udp|sctp”书写：依据该声明开放端口的工具行为将与预期不符。',
  },
  advice: { en: 'Correct EXPOSE.', zh: '修正 EXPOSE 指令。' },
  evaluate(context) {
    const { exposedPorts } = context.image.settings;
    if (exposedPorts.length === 0) return none;
    return failIf(
      exposedPorts.filter((port) => !isPort(port)).map((port) => context.settingsEvidence('config:ExposedPorts', port)),
    );
  },
});

function isPort(text: string): boolean {
  const number = Number(/^(\d{1,5})(?:\/(?:tcp|udp|sctp))?$/.exec(text)?.[1] ?? 0);
  return number > 0 && number <= 65_535;
}
