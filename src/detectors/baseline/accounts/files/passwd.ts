import { baseName } from '../../../../image/index.ts';
import type { FactReader } from '../../contract.ts';

import { keptPassword } from './password-field.ts';
import { type BadLine, idNumber, kept, oddNumber, type RecordFacts, readRecords } from './records.ts';

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
  /** See `oddNumber`. */
  readonly odd?: string;
}

/** Reads `/etc/passwd`, wherever a link leads. */
export const passwdReader: FactReader<RecordFacts<Account>> = {
  id: 'passwd',
  version: 2,
  wants: ({ path }) => baseName(path) === 'passwd' && !/(^|\/)s?bin\/passwd$/.test(path),
  read: (bytes, { path }) => {
    const facts = readRecords(bytes, parseAccount);
    return facts === undefined || (facts.records.length === 0 && !/(^|\/)etc\/passwd$/.test(path)) ? undefined : facts;
  },
};

function parseAccount(fields: readonly string[], line: number): Account | Omit<BadLine<Account>, 'line'> {
  const [name = '', password, uidField, gidField, , home, shell] = fields;
  const uid = idNumber(uidField);
  const gid = idNumber(gidField);
  const found = { line, name: kept(name), password: keptPassword(password), home: kept(home), shell: kept(shell) };
  const loose = name === '' || uid === undefined ? {} : { record: { ...found, uid, gid: gid ?? 0 } };
  if (fields.length !== 7) return { why: `${fields.length} fields instead of 7`, ...loose };
  if (name === '') return { why: 'no name' };
  if (uid === undefined || gid === undefined) return { why: 'uid or gid is no number', ...loose };
  const odd = oddNumber(uidField) ?? oddNumber(gidField);
  return { ...found, uid, gid, ...(odd !== undefined && { odd }) };
}
