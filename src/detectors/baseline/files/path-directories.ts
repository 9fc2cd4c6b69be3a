import type { ViewEntry } from '../../../image/index.ts';
import type { CheckContext, FactReader } from '../contract.ts';
import { fileCheck } from '../define-check.ts';
import { failIf } from '../outcome.ts';
import { entryEvidence, modeText } from './file-evidence.ts';

/** Directories that the dynamic linker searches besides its own. */
export const linkerPathReader: FactReader<readonly string[]> = {
  id: 'linker-paths',
  version: 1,
  wants: ({ path }) => path === 'etc/ld.so.conf' || /^etc\/ld\.so\.conf\.d\/[^/]+\.conf$/.test(path),
  read(bytes) {
    return new TextDecoder()
      .decode(bytes)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.startsWith('/') && line.length < 1024)
      .slice(0, 1000);
  },
};

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const linkerDirectories = ['lib', 'lib64', 'usr/lib', 'usr/lib64', 'usr/local/lib'];

/** Directories from which interpreters of the system load modules. */
const moduleDirectory =
  /^(usr|opt)\/(.+\/)?(site-packages|dist-packages|node_modules|site_ruby|vendor_ruby|perl5|site_perl|perl\/[\d.]+)$/;

/** Where programs, libraries and modules are looked for, each with why. */
function searched(context: CheckContext): Map<string, string> {
  const places = new Map<string, string>();
  const path = context.image.settings.env.findLast((text) => text.startsWith('PATH='))?.slice(5) ?? defaultPath;
  for (const directory of path.split(':')) if (directory.startsWith('/')) places.set(directory.slice(1), 'PATH');
  for (const directory of linkerDirectories) places.set(directory, 'the linker');
  for (const { facts } of context.files(linkerPathReader)) {
    for (const directory of facts ?? []) places.set(directory.slice(1), 'ld.so.conf');
  }
  for (const { path: directory, type } of context.view.entries()) {
    // Packages bring node_modules of their own, of which only the outermost is searched by others.
    if (type !== 'directory' || !moduleDirectory.test(directory)) continue;
    if (directory.indexOf('node_modules') === directory.lastIndexOf('node_modules')) places.set(directory, 'modules');
  }
  return places;
}

/** Whether anybody but root may create files in a directory. */
function isWritable({ mode, uid, gid }: ViewEntry): boolean {
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== 0) || ((mode & 0o200) !== 0 && uid !== 0);
}

/** FS-006. */
export const pathDirectories = fileCheck({
  id: 'FS-006',
  item: 'writable_path_dir',
  level: 'medium',
  title: { en: 'Search path that others than root may write', zh: '搜索路径目录可被非 root 写入' },
  description: {
    en: 'Programs, libraries or modules are looked for in a directory in which an ordinary user can put files: root may run them.',
    zh: '程序、库或模块的搜索目录可被普通用户写入，root 可能执行其中的文件。',
  },
  advice: { en: 'Give the directory to root with mode 0755.', zh: '将目录归属 root 并设置为 0755。' },
  evaluate(context) {
    const seen = new Map<string, { entry: ViewEntry; why: string }>();
    for (const [directory, why] of searched(context)) {
      const entry = context.entry(directory);
      if (entry?.type === 'directory' && isWritable(entry)) seen.set(entry.path, { entry, why });
    }
    return failIf(
      [...seen.values()].map(({ entry, why }) => entryEvidence(context, entry, `${modeText(entry)} (${why})`)),
    );
  },
});
