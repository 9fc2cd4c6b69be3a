import { posix } from 'node:path';
import { instructionCheck } from '../../define-check.ts';
import { failIf, notApplicable } from '../../outcome.ts';

/** Whether a path is one of some directories or lies in one. Everything lies in `/`, so only `/` itself is meant by it. */
function isIn(path: string, directories: readonly string[]): boolean {
  const plain = posix.normalize(path).replace(/(?<=.)\/$/, '');
  return directories.some(
    (directory) => plain === directory || (directory !== '/' && plain.startsWith(`${directory}/`)),
  );
}

const sensitive = [
  ...['/', '/etc', '/dev', '/proc', '/sys', '/boot', '/usr', '/var/run/docker.sock', '/run/docker.sock'],
];

/** IC-012 */
export const sensitiveVolume = instructionCheck({
  id: 'IC-012',
  item: 'sensitive_volume',
  level: 'high',
  title: { en: 'A system directory is declared as a volume', zh: '系统目录被声明为卷' },
  description: {
    en: 'A volume covers a directory of the system or the socket of Docker: its content survives containers, is shared between them, and hides what the image holds there, fixes included.',
    zh: '卷覆盖了系统目录或 Docker 套接字：其内容不随容器消失、可被多个容器共享，并会遮盖镜像中的内容（包括修复）。',
  },
  advice: { en: 'Declare volumes for directories of data only.', zh: '仅将数据目录声明为卷。' },
  evaluate(context) {
    const { volumes } = context.image.settings;
    if (volumes.length === 0) return notApplicable('The image declares no volume.');
    return failIf(
      volumes.filter((path) => isIn(path, sensitive)).map((path) => context.settingsEvidence('config:Volumes', path)),
    );
  },
});

/** IC-022 */
export const badWorkdir = instructionCheck({
  id: 'IC-022',
  item: 'bad_workdir',
  level: 'low',
  title: { en: 'The working directory is relative or a system directory', zh: '工作目录为相对路径或系统目录' },
  description: {
    en: 'Programs start in a directory that depends on the image below, or among files of the system, where a relative path hits the wrong file.',
    zh: '程序的启动目录取决于基础镜像，或位于系统文件之中，相对路径可能命中错误的文件。',
  },
  advice: { en: 'Use an absolute directory of the application.', zh: '使用应用自己的绝对路径目录。' },
  evaluate(context) {
    const { workingDir } = context.image.settings;
    if (workingDir === '') return notApplicable('The image names no working directory.');
    const windows = /^[A-Za-z]:[\\/]/.test(workingDir);
    const bad =
      !windows && (!workingDir.startsWith('/') || isIn(workingDir, ['/proc', '/sys', '/dev', '/etc', '/boot']));
    return failIf(bad ? [context.settingsEvidence('config:WorkingDir', workingDir)] : []);
  },
});

/** IC-007 */
export const noHealthcheck = instructionCheck({
  id: 'IC-007',
  item: 'no_healthcheck',
  level: 'low',
  title: { en: 'No health check', zh: '未配置健康检查' },
  description: {
    en: 'Nothing tells the container engine whether the application still works: there is no HEALTHCHECK, or it is NONE.',
    zh: '容器引擎无法得知应用是否正常：没有 HEALTHCHECK，或其值为 NONE。',
  },
  advice: {
    en: 'Add HEALTHCHECK; where the platform probes containers itself, turn this check off.',
    zh: '添加 HEALTHCHECK；若平台自行探测容器，可关闭此检查项。',
  },
  evaluate(context) {
    const test = context.image.settings.healthcheck ?? [];
    const missing = test.length === 0 || test[0]?.toUpperCase() === 'NONE';
    return failIf(missing ? [context.settingsEvidence('config:Healthcheck', test[0] ?? null)] : []);
  },
});
