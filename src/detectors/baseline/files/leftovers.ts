import { baseName, type ViewEntry } from '../../../image/index.ts';
import type { RiskEvidence, RiskLevel } from '../../contract.ts';
import type { CheckContext, FactReader } from '../contract.ts';
import { fileCheck } from '../define-check.ts';
import { failIf, notApplicable, worst } from '../outcome.ts';
import { dpkgFilesReader } from './checksums/reader.ts';
import { entryEvidence, isFile, programDirectory } from './file-evidence.ts';

const tools =
  /^((x86_64|aarch64|arm|i686)[\w-]*-)?(gcc|g\+\+|cc|c\+\+|clang|clang\+\+)(-[\d.]+)?$|^(make|gmake|gdb|nc|ncat|netcat|nc\.(openbsd|traditional)|nmap|tcpdump|telnet|telnet\.\w+|rsh|rlogin|tftp|ftp|tnftp|inetutils-(ftp|telnet))$/;
const packageManagers = /^(apt|apt-get|dpkg|apk|yum|dnf|microdnf|rpm|zypper|pacman)$/;

/** Label of images that are made to build others: tools are their purpose. */
export const builderLabel = 'io.drydock.role';

/** FS-011. */
export const extraTooling = fileCheck({
  id: 'FS-011',
  item: 'extra_tooling',
  level: 'low',
  title: { en: 'Compilers, debuggers or network tools', zh: '存在编译、调试或网络工具' },
  description: {
    en: 'A service does not need them; whoever gets in does. The package manager counts in an image that was built without one.',
    zh: '服务运行并不需要这些工具，但入侵者需要。对于不含包管理器的精简镜像，出现包管理器也计入。',
  },
  advice: {
    en: 'Build in one stage and copy the result into another. Images for building are excepted by the label io.drydock.role=builder.',
    zh: '使用多阶段构建，只复制产物。用于构建的镜像可通过标签 io.drydock.role=builder 豁免。',
  },
  evaluate(context) {
    if (context.image.settings.labels[builderLabel] === 'builder') return notApplicable('the image is for building');
    const distroless = context.files(dpkgFilesReader).some(({ path }) => path.includes('/status.d/'));
    const evidence: RiskEvidence[] = [];
    for (const entry of context.view.entries()) {
      if (!programDirectory.test(entry.path)) continue;
      const name = baseName(entry.path);
      const isTool = tools.test(name) || (distroless && packageManagers.test(name));
      if (isTool && isProgram(context, entry)) evidence.push(entryEvidence(context, entry, name));
    }
    return failIf(evidence);
  },
});

/** Applets of one program that cannot be taken out of it are no tools of their own, nor are old names under which ssh is called. */
function isProgram(context: CheckContext, entry: ViewEntry): boolean {
  const target = context.view.resolve(entry.path);
  return target !== undefined && isFile(target) && !/\/((busybox|toybox)[^/]*|ssh)$/.test(target.path);
}

/** Whether a file of that name is the memory of a crashed program (ELF of the type core). */
export const coreReader: FactReader<true> = {
  id: 'core-dumps',
  version: 1,
  wants: ({ path }) => /(^|\/)core(\.\d{1,10})?$/.test(path),
  take: 'head',
  read(bytes) {
    const isElf = bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
    const type = bytes[5] === 2 ? bytes[17] : bytes[16];
    return isElf && type === 4 ? true : undefined;
  },
};

const files: readonly (readonly [name: RegExp, what: string])[] = [
  [/^(Dockerfile|Containerfile)(\.[\w.-]+)?$|\.dockerfile$/i, 'build instructions'],
  [/^(docker-)?compose(\.[\w.-]+)?\.ya?ml$/, 'compose file'],
  [/^\.env(\.[\w-]+)?$/, 'environment file'],
  [/^\..+\.sw[op]$/, 'swap file of an editor'],
  [/^\.DS_Store$/, 'notes of a file manager'],
  [
    /^(TEST-.+|junit(-report)?|test-results?)\.xml$|^(lcov\.info|\.coverage|coverage\.xml|coverage-final\.json)$/,
    'test report',
  ],
];
const directories: readonly (readonly [name: RegExp, what: string])[] = [
  [/^\.(svn|hg)$/, 'version control'],
  [/^\.(idea|vscode|vs)$/, 'settings of an editor'],
];

/** Trees that package managers fill: what lies in them is theirs. */
const dependencies =
  /(^|\/)(node_modules|site-packages|dist-packages|vendor|gems|bower_components|pkg\/mod|\.cargo\/registry)\/|^(usr\/(local\/)?(share|lib\d*|src|include)|lib\d*|var\/lib|proc|sys)\//;

/** FS-012. */
export const unneededArtifacts = fileCheck({
  id: 'FS-012',
  item: 'unneeded_artifact',
  level: 'low',
  title: { en: 'Files of the development in the image', zh: '镜像中存在开发过程文件' },
  description: {
    en: 'Build instructions, environment files, dumps and version control tell about the inside; a repository with its objects has the whole history, also what was removed from it.',
    zh: '构建文件、环境文件、转储和版本控制目录会泄露内部信息；包含对象的 .git 目录带有全部历史，包括已删除的内容。',
  },
  advice: { en: 'List them in .dockerignore.', zh: '将其加入 .dockerignore。' },
  evaluate(context) {
    const evidence: RiskEvidence[] = [];
    const levels: RiskLevel[] = [];
    const add = (entry: ViewEntry, what: string, level: RiskLevel): void => {
      levels.push(level);
      evidence.push(entryEvidence(context, entry, what));
    };
    for (const entry of context.view.entries()) {
      const what = artifact(context, entry);
      if (what !== undefined) add(entry, what, what === gitObjects ? 'high' : 'low');
    }
    for (const { path } of context.files(coreReader)) {
      const entry = context.view.entry(path);
      if (entry !== undefined && !dependencies.test(path)) add(entry, 'core dump', 'low');
    }
    const level = worst(levels);
    return failIf(evidence, level === undefined ? {} : { level });
  },
});

const gitObjects = 'version control with its objects';

function artifact(context: CheckContext, entry: ViewEntry): string | undefined {
  const isDirectory = entry.type === 'directory';
  if (!isDirectory && !isFile(entry)) return undefined;
  const name = baseName(entry.path);
  const what =
    isDirectory && name === '.git'
      ? hasObjects(context, entry.path)
        ? gitObjects
        : 'version control'
      : (isDirectory ? directories : files).find(([pattern]) => pattern.test(name))?.[1];
  if (what === undefined || dependencies.test(`${entry.path}/`)) return undefined;
  return context.owners.ownerOf(entry.path) === undefined ? what : undefined;
}

/** Git keeps objects in directories named by two hex digits, or in packs. */
function hasObjects({ view }: CheckContext, git: string): boolean {
  const objects = view.children(`${git}/objects`);
  return objects.some((name) => /^[0-9a-f]{2}$/.test(name)) || view.children(`${git}/objects/pack`).length > 0;
}
