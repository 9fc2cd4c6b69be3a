import { baseName } from '../../../../image/index.ts';
import { instructionCheck } from '../../define-check.ts';
import { type Program, programOf } from '../../shell/index.ts';
import { byScripts, instructionEvidence } from '../finding.ts';
import { historyOf, scriptsOf } from '../history/history.ts';

const sudoPath = 'usr/bin/sudo';

/** IC-011 */
export const sudo = instructionCheck({
  id: 'IC-011',
  item: 'sudo',
  level: 'medium',
  title: { en: 'sudo is used or installed', zh: '使用或安装了 sudo' },
  description: {
    en: 'The build calls sudo, or the image has it: a setuid program that makes root of a user, which a container with one process does not need.',
    zh: '构建过程调用 sudo 或镜像中存在 sudo：这一 setuid 程序可将普通用户提升为 root，单进程容器并不需要它。',
  },
  advice: { en: 'Switch users with USER and leave sudo out.', zh: '使用 USER 切换用户，不要安装 sudo。' },
  evaluate(context) {
    const evidence = scriptsOf(context).flatMap(({ instruction, script }) =>
      script.commands
        .filter(({ words }) => words.some(({ text }) => baseName(text) === 'sudo'))
        .map(({ source }) => instructionEvidence(context, instruction, source)),
    );
    const content = context.entry(sudoPath)?.content;
    if (content !== undefined) evidence.push(context.evidence({ path: sudoPath, layer: content.layer }));
    return byScripts(context, evidence);
  },
});

/** IC-020 */
export const broadChmod = instructionCheck({
  id: 'IC-020',
  item: 'broad_chmod',
  level: 'medium',
  title: { en: 'The build gives away files', zh: '构建中放宽了文件权限' },
  description: {
    en: 'A RUN or COPY makes files writable for everybody, or gives a directory of the system with all that is in it to an ordinary user.',
    zh: '某条 RUN 或 COPY 使文件可被任何人写入，或将系统目录及其全部内容的属主改为普通用户。',
  },
  advice: {
    en: 'Give write permission on the files that need it, to the user that needs it.',
    zh: '仅对需要写入的文件、仅向需要的用户授予写权限。',
  },
  evaluate(context) {
    const evidence = scriptsOf(context).flatMap(({ instruction, script }) =>
      script.commands
        .filter((command) => isBroad(programOf(command)))
        .map(({ source }) => instructionEvidence(context, instruction, source)),
    );
    for (const instruction of historyOf(context).instructions) {
      const mode = instruction.flags.find((flag) => flag.startsWith('--chmod='));
      if (mode !== undefined && opensToAll(mode.slice('--chmod='.length))) {
        evidence.push(instructionEvidence(context, instruction, instruction.written));
      }
    }
    return byScripts(context, evidence);
  },
});

function isBroad(program: Program | undefined): boolean {
  if (program === undefined) return false;
  const words = program.arguments.map(({ text }) => text);
  const operands = words.filter((word) => !word.startsWith('-'));
  const [first = '', ...rest] = operands;
  if (program.name === 'chmod') return opensToAll(first);
  if (program.name !== 'chown') return false;
  const recursive = words.some((word) => word === '--recursive' || /^-[A-Za-z]*R/.test(word));
  const [owner = ''] = first.split(/[:.]/, 1);
  return recursive && owner !== '' && owner !== 'root' && !/^0+$/.test(owner) && rest.some(isSystemDirectory);
}

/** Whether a mode lets others write: `777`, `a+w`, `go=rw`. The sticky bit of `1777` keeps their files apart. */
function opensToAll(mode: string): boolean {
  if (/^[0-7]{1,5}$/.test(mode)) {
    const bits = Number.parseInt(mode, 8);
    return (bits & 0o002) !== 0 && (bits & 0o1000) === 0;
  }
  const clauses = mode.slice(0, 200).split(',');
  if (clauses.some((clause) => /^[ugoa]*[+=][rwxXs]*t/.test(clause))) return false;
  return clauses.some((clause) => /^[ug]*[oa][ugoa]*[+=][rxXs]*w/.test(clause));
}

const systemDirectories = new Set([
  ...['', '/bin', '/boot', '/dev', '/etc', '/lib', '/lib32', '/lib64', '/proc', '/root', '/run', '/sbin', '/sys'],
  ...['/usr', '/usr/bin', '/usr/lib', '/usr/lib64', '/usr/libexec', '/usr/local', '/usr/local/bin', '/usr/local/lib'],
  ...['/usr/local/sbin', '/usr/sbin', '/usr/share', '/var', '/var/lib'],
]);

function isSystemDirectory(path: string): boolean {
  return path.startsWith('/') && systemDirectories.has(path.replace(/\/\*$/, '').replace(/(?:\/\.?)$/, ''));
}
