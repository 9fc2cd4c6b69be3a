import type { RiskEvidence } from '../../../contract.ts';
import type { Check, CheckContext, FactReader } from '../../contract.ts';
import { identificationCheck } from '../../define-check.ts';
import { type Given, type GivenFile, givenFile } from '../../given.ts';
import { failIf, notApplicable } from '../../outcome.ts';
import { groupReader, gshadowReader } from '../files/group.ts';
import { passwdReader } from '../files/passwd.ts';
import type { RecordFacts } from '../files/records.ts';
import { shadowReader } from '../files/shadow.ts';

function badLines(context: CheckContext, file: GivenFile<RecordFacts<object>>): RiskEvidence[] {
  const { malformed, nis } = file.facts;
  return [
    ...nis.map((line) => context.evidence(file, { line, excerpt: 'entry of NIS' })),
    ...malformed.map(({ line, why }) => context.evidence(file, { line, excerpt: why })),
  ];
}

const malformedFile = identificationCheck({
  id: 'ID-011',
  item: 'account_file_malformed',
  level: 'medium',
  title: { en: 'Account files are damaged', zh: '账号文件格式错误' },
  description: {
    en: 'A line of passwd, shadow, group or gshadow is no record, asks NIS, or a user has no line in shadow: programs read such files differently.',
    zh: 'passwd、shadow、group 或 gshadow 中存在格式错误的行、NIS 条目，或用户在 shadow 中没有对应条目，不同程序对此类文件的解释不同。',
  },
  advice: {
    en: 'Repair the files; pwck -r and grpck -r list what they find.',
    zh: '修复这些文件；可使用 pwck -r 和 grpck -r 查看问题。',
  },
  evaluate(context) {
    const given = <R extends object>(reader: FactReader<RecordFacts<R>>, path: string): Given<RecordFacts<R>> =>
      givenFile(context, reader, path);
    const passwd = given(passwdReader, 'etc/passwd');
    const shadow = given(shadowReader, 'etc/shadow');
    const files: readonly Given<RecordFacts<object>>[] = [
      ...[passwd, shadow, given(groupReader, 'etc/group'), given(gshadowReader, 'etc/gshadow')],
    ];
    const evidence = files.flatMap((file) => (file.end === undefined ? badLines(context, file.file) : []));
    if (passwd.end === undefined && shadow.end === undefined) {
      const known = new Set(shadow.file.facts.records.map(({ name }) => name));
      evidence.push(
        ...passwd.file.facts.records
          .filter(({ name }) => !known.has(name))
          .map(({ name, line }) => context.evidence(passwd.file, { line, excerpt: `${name}: no line in shadow` })),
      );
    }
    if (evidence.length > 0) return failIf(evidence);
    const undecided = files.find(({ end }) => end?.result === 'unknown')?.end;
    if (undecided !== undefined) return undecided;
    return files.every(({ end }) => end !== undefined) ? notApplicable('no account files') : failIf([]);
  },
});

/** Checks of the form of account files. */
export const accountFileChecks: readonly Check[] = [malformedFile];
