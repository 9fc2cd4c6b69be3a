import type { FactReader } from '../../contract.ts';
import { baseName } from '../../text-lines.ts';
import { keptPassword } from './password-field.ts';
import { idNumber, kept, type RecordFacts, readRecords } from './records.ts';

/** An account of passwd(5). */
export interface Account {
  readonly line: number;
  readonly name: string;
  /** See `keptPassword`. */
  readonly password: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  /** As written; empty means `/bin/sh`. */
  readonly shell: string;
}

/** Reads `/etc/passwd`, wherever a link leads. */
export const passwdReader: FactReader<RecordFacts<Account>> = {
  id: 'passwd',
  version: 1,
  wants: ({ path }) => baseName(path) === 'passwd' && !/(^|\/)s?bin\/passwd$/.test(path),
  read: (bytes, { path }) => {
    const facts = readRecords(bytes, parseAccount);
    return facts === undefined || (facts.records.length === 0 && !/(^|\/)etc\/passwd$/.test(path)) ? undefined : facts;
  },
};

function parseAccount(fields: readonly string[], line: number): Account | string {
  if (fields.length !== 7) return `${fields.length} fields instead of 7`;
  const [name = '', password, uidField, gidField, , home, shell] = fields;
  const uid = idNumber(uidField);
  const gid = idNumber(gidField);
  if (name === '') return 'no name';
  if (uid === undefined || gid === undefined) return 'uid or gid is no number';
  return { line, name: kept(name), password: keptPassword(password), uid, gid, home: kept(home), shell: kept(shell) };
}
