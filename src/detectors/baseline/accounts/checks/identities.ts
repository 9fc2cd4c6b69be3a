import type { RiskEvidence } from '../../../contract.ts';
import type { Check, CheckContext } from '../../contract.ts';
import { identificationCheck } from '../../define-check.ts';
import { type GivenFile, givenFile } from '../../given.ts';
import { failIf } from '../../outcome.ts';
import { groupReader } from '../files/group.ts';
import { passwdReader } from '../files/passwd.ts';
import type { RecordFacts } from '../files/records.ts';

/** Records whose name or number an earlier record has. */
function duplicates<R extends { readonly name: string; readonly line: number }>(
  context: CheckContext,
  file: GivenFile<RecordFacts<R>>,
  idOf: (record: R) => number,
  idName: 'uid' | 'gid',
): { readonly evidence: RiskEvidence[]; readonly zero: boolean } {
  const names = new Map<string, R>();
  const ids = new Map<number, R>();
  const evidence: RiskEvidence[] = [];
  let zero = false;
  for (const record of file.facts.records) {
    const { name, line } = record;
    const id = idOf(record);
    const [sameName, sameId] = [names.get(name), ids.get(id)];
    if (sameName === undefined) names.set(name, record);
    else evidence.push(context.evidence(file, { line, excerpt: `${name}: name also in line ${sameName.line}` }));
    if (sameId === undefined) ids.set(id, record);
    else evidence.push(context.evidence(file, { line, excerpt: `${name}: ${idName} ${id}, also of ${sameId.name}` }));
    if (id === 0 && (sameId !== undefined || sameName !== undefined)) zero = true;
  }
  return { evidence, zero };
}

const duplicateUid = identificationCheck({
  id: 'ID-004',
  item: 'duplicate_uid',
  level: 'medium',
  title: { en: 'Accounts share a uid or a name', zh: '存在重复的 UID 或用户名' },
  description: {
    en: 'Two lines of /etc/passwd have one uid or one name: the accounts have the same rights, and logs cannot tell them apart.',
    zh: '/etc/passwd 中有两行使用相同的 UID 或用户名，这些账号权限相同，且日志无法区分。',
  },
  advice: { en: 'Give each account a uid and a name of its own.', zh: '为每个账号分配唯一的 UID 和用户名。' },
  evaluate(context) {
    const passwd = givenFile(context, passwdReader, 'etc/passwd');
    if (passwd.end !== undefined) return passwd.end;
    const { evidence, zero } = duplicates(context, passwd.file, ({ uid }) => uid, 'uid');
    return failIf(evidence, { level: zero ? 'high' : 'medium' });
  },
});

const duplicateGid = identificationCheck({
  id: 'ID-005',
  item: 'duplicate_gid',
  level: 'low',
  title: { en: 'Groups share a gid or a name', zh: '存在重复的 GID 或组名' },
  description: {
    en: 'Two lines of /etc/group have one gid or one name, so that members of one have the rights of the other.',
    zh: '/etc/group 中有两行使用相同的 GID 或组名，其中一个组的成员会拥有另一个组的权限。',
  },
  advice: { en: 'Give each group a gid and a name of its own.', zh: '为每个组分配唯一的 GID 和组名。' },
  evaluate(context) {
    const group = givenFile(context, groupReader, 'etc/group');
    if (group.end !== undefined) return group.end;
    return failIf(duplicates(context, group.file, ({ gid }) => gid, 'gid').evidence);
  },
});

const extraRoot = identificationCheck({
  id: 'ID-006',
  item: 'extra_uid0',
  level: 'high',
  title: { en: 'Another account has uid 0', zh: '存在 root 以外的 UID 0 账号' },
  description: {
    en: 'An account that is not called root has uid 0: it is root under another name, a classic back door.',
    zh: '名称不是 root 的账号拥有 UID 0，等同于另一个 root，是典型的后门。',
  },
  advice: { en: 'Remove the account.', zh: '删除该账号。' },
  evaluate(context) {
    const passwd = givenFile(context, passwdReader, 'etc/passwd');
    if (passwd.end !== undefined) return passwd.end;
    const { file } = passwd;
    return failIf(
      file.facts.records
        .filter(({ uid, name }) => uid === 0 && name !== 'root')
        .map(({ name, line }) => context.evidence(file, { line, excerpt: `${name}: uid 0` })),
    );
  },
});

/** Checks of who is who. */
export const identityChecks: readonly Check[] = [duplicateUid, duplicateGid, extraRoot];
