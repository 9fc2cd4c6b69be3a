import { baseName } from '../../../../image/index.ts';
import type { FactReader } from '../../contract.ts';

import { keptPassword } from './password-field.ts';
import { type BadLine, kept, type RecordFacts, readRecords } from './records.ts';

/** A line of shadow(5), or of BSD's master.passwd(5). */
export interface ShadowEntry {
  readonly line: number;
  readonly name: string;
  /** See `keptPassword`. */
  readonly password: string;
}

/** Reads `/etc/shadow`. */
export const shadowReader: FactReader<RecordFacts<ShadowEntry>> = {
  id: 'shadow',
  version: 1,
  wants: ({ path }) => baseName(path) === 'shadow',
  read: (bytes, { path }) => {
    const facts = readRecords(bytes, parseShadow);
    return facts === undefined || (facts.records.length === 0 && !/(^|\/)etc\/shadow$/.test(path)) ? undefined : facts;
  },
};

/** Reads `/etc/master.passwd`, which BSD has in place of shadow. */
export const masterPasswdReader: FactReader<RecordFacts<ShadowEntry>> = {
  id: 'master-passwd',
  version: 1,
  wants: ({ path }) => baseName(path) === 'master.passwd',
  read: (bytes) =>
    readRecords<ShadowEntry>(bytes, (fields, line) => {
      if (fields.length !== 10) return { why: `${fields.length} fields instead of 10` };
      return { line, name: kept(fields[0]), password: keptPassword(fields[1]) };
    }),
};

function parseShadow(fields: readonly string[], line: number): ShadowEntry | Omit<BadLine<ShadowEntry>, 'line'> {
  // As shadow's tools count: an empty field at the end is none, the reserved one may be missing, old files have five.
  const count = fields.length - (fields.at(-1) === '' ? 1 : 0);
  if (![5, 8, 9].includes(count)) return { why: `${fields.length} fields instead of 9` };
  const [name = '', password, ...days] = fields;
  if (name === '') return { why: 'no name' };
  if (!days.every((field) => /^\d{0,20}$/.test(field))) return { why: 'a date or number of days is no number' };
  return { line, name: kept(name), password: keptPassword(password) };
}
