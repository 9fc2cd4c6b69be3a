import type { ViewEntry } from '../../../image/index.ts';
import type { RiskEvidence, RiskLevel } from '../../contract.ts';
import { groupReader } from '../accounts/files/group.ts';
import { passwdReader } from '../accounts/files/passwd.ts';
import { looseRecords } from '../accounts/files/records.ts';
import { fileCheck } from '../define-check.ts';
import { givenFile } from '../given.ts';
import { failIf, notApplicable, worst } from '../outcome.ts';
import { readCapabilities, rootLike } from './capabilities.ts';
import { entryEvidence, isFile, modeText } from './file-evidence.ts';

/** FS-002. */
export const fileCapabilities = fileCheck({
  id: 'FS-002',
  item: 'file_capability',
  level: 'medium',
  title: { en: 'Programs with file capabilities', zh: '存在文件能力（capability）' },
  description: {
    en: 'Whoever starts such a program gets rights of root that its file grants.',
    zh: '任何人运行这类程序都会获得文件上授予的部分 root 权限。',
  },
  advice: {
    en: 'Remove the capability (`setcap -r`) when the image is built, unless the program cannot work without it.',
    zh: '除非程序确实需要，否则在构建时使用 setcap -r 去除。',
  },
  evaluate(context) {
    if (!context.layers.some(({ tree }) => tree.entries.some(({ xattrs }) => xattrs !== undefined))) {
      return notApplicable('no layer carries extended attributes');
    }
    const evidence: RiskEvidence[] = [];
    const levels: RiskLevel[] = [];
    for (const entry of context.view.entries()) {
      const value = entry.xattrs?.get('security.capability');
      if (value === undefined || !isFile(entry)) continue;
      const capabilities = readCapabilities(value);
      const permitted = capabilities?.permitted ?? [];
      levels.push(permitted.some((name) => rootLike.has(name)) ? 'high' : 'medium');
      const shown = capabilities === undefined ? 'damaged' : permitted.map((name) => `cap_${name}`).join(',');
      evidence.push(entryEvidence(context, entry, shown === '' ? 'inheritable only' : shown));
    }
    const level = worst(levels);
    return failIf(evidence, level === undefined ? {} : { level });
  },
});

/** FS-003. */
export const worldWritable = fileCheck({
  id: 'FS-003',
  item: 'world_writable',
  level: 'medium',
  title: { en: 'Files or directories that everybody may write', zh: '全局可写的文件或目录' },
  description: {
    en: 'Any user changes such a file, or replaces the files in such a directory, also those that others run.',
    zh: '任何用户都可以修改这些文件或替换目录中的文件，包括其他人会执行的文件。',
  },
  advice: {
    en: 'Set 0644 or 0755; directories for everybody need the sticky bit (1777).',
    zh: '设置为 0644 或 0755；公共目录需要粘滞位（1777）。',
  },
  evaluate(context) {
    const evidence: RiskEvidence[] = [];
    for (const entry of context.view.entries()) {
      if ((entry.mode & 0o002) === 0) continue;
      const openDirectory = entry.type === 'directory' && (entry.mode & 0o1000) === 0;
      if (openDirectory || isFile(entry)) evidence.push(entryEvidence(context, entry, modeText(entry)));
    }
    return failIf(evidence);
  },
});

interface AccountFile {
  readonly path: string;
  readonly mode: number;
  /** May the group be `shadow`? */
  readonly shadow?: true;
}

const accountFiles: readonly AccountFile[] = [
  { path: 'etc/passwd', mode: 0o644 },
  { path: 'etc/group', mode: 0o644 },
  { path: 'etc/shadow', mode: 0o640, shadow: true },
  { path: 'etc/gshadow', mode: 0o640, shadow: true },
  { path: 'etc/sudoers', mode: 0o440 },
];

/** FS-004. */
export const accountFileModes = fileCheck({
  id: 'FS-004',
  item: 'account_file_mode',
  level: 'high',
  title: { en: 'Account files can be read or changed by others', zh: '账号文件权限不当' },
  description: {
    en: 'Whoever writes passwd, group or sudoers becomes root; whoever reads shadow can guess passwords.',
    zh: '能写入 passwd、group 或 sudoers 的人可以成为 root；能读取 shadow 的人可以猜解密码。',
  },
  advice: {
    en: 'passwd and group 0644 root:root, shadow and gshadow 0640 root:shadow, sudoers 0440 root:root.',
    zh: 'passwd、group 为 0644 root:root，shadow、gshadow 为 0640 root:shadow，sudoers 为 0440 root:root。',
  },
  evaluate(context) {
    const groups = context.file(groupReader, 'etc/group')?.facts?.records ?? [];
    const shadow = groups.find(({ name }) => name === 'shadow')?.gid;
    const found: { entry: ViewEntry; file: AccountFile }[] = [];
    for (const file of accountFiles) {
      const entry = context.entry(file.path);
      if (entry !== undefined && isFile(entry)) found.push({ entry, file });
    }
    if (found.length === 0) return notApplicable('there are no account files');
    const isWrong = ({ entry, file }: (typeof found)[number]): boolean => {
      const groupFits = entry.gid === 0 || (file.shadow === true && entry.gid === shadow);
      return (entry.mode & 0o7777 & ~file.mode) !== 0 || entry.uid !== 0 || !groupFits;
    };
    return failIf(found.filter(isWrong).map(({ entry }) => entryEvidence(context, entry, modeText(entry))));
  },
});

/** FS-005. */
export const unownedFiles = fileCheck({
  id: 'FS-005',
  item: 'unowned_file',
  level: 'low',
  title: { en: 'Files of users or groups that do not exist', zh: '存在无主文件' },
  description: {
    en: 'The next account that gets the number owns the files.',
    zh: '之后获得该编号的账号将拥有这些文件。',
  },
  advice: {
    en: 'Give the files to an account that exists (`COPY --chown`), or create the account.',
    zh: '将文件归属到已有账号（COPY --chown），或创建对应账号。',
  },
  evaluate(context) {
    const passwd = givenFile(context, passwdReader, 'etc/passwd');
    if (passwd.end !== undefined) return passwd.end;
    const group = givenFile(context, groupReader, 'etc/group');
    const users = new Set(looseRecords(passwd.file.facts).map(({ uid }) => uid));
    const groups = group.end === undefined ? new Set(looseRecords(group.file.facts).map(({ gid }) => gid)) : undefined;
    const evidence: RiskEvidence[] = [];
    for (const entry of context.view.entries()) {
      const known = users.has(entry.uid) && groups?.has(entry.gid) !== false;
      if (!known) evidence.push(entryEvidence(context, entry, modeText(entry)));
    }
    return failIf(evidence);
  },
});
