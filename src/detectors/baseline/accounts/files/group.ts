import { baseName } from '../../../../image/index.ts';
import type { FactReader } from '../../contract.ts';

import { type BadLine, idNumber, kept, oddNumber, type RecordFacts, readRecords } from './records.ts';

/** A group of group(5). */
export interface Group {
  readonly line: number;
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
  /** See `oddNumber`. */
  readonly odd?: string;
}

/** A line of gshadow(5). */
export interface GroupShadow {
  readonly line: number;
  readonly name: string;
}

/** Members of one group that are kept. */
const maxMembers = 1000;

/** Reads `/etc/group`. */
export const groupReader: FactReader<RecordFacts<Group>> = {
  id: 'group',
  version: 2,
  wants: ({ path }) => baseName(path) === 'group',
  read: (bytes, { path }) => {
    const facts = readRecords(bytes, parseGroup);
    return facts === undefined || (facts.records.length === 0 && !/(^|\/)etc\/group$/.test(path)) ? undefined : facts;
  },
};

/** Reads `/etc/gshadow`. */
export const gshadowReader: FactReader<RecordFacts<GroupShadow>> = {
  id: 'gshadow',
  version: 1,
  wants: ({ path }) => baseName(path) === 'gshadow',
  read: (bytes) =>
    readRecords<GroupShadow>(bytes, (fields, line) => {
      if (fields.length !== 4) return { why: `${fields.length} fields instead of 4` };
      return fields[0] === '' ? { why: 'no name' } : { line, name: kept(fields[0]) };
    }),
};

function parseGroup(fields: readonly string[], line: number): Group | Omit<BadLine<Group>, 'line'> {
  const [name = '', , gidField, list = ''] = fields;
  const gid = idNumber(gidField);
  // A group without members may end after its number.
  const count = fields.length === 4 || fields.length === 3 ? undefined : `${fields.length} fields instead of 4`;
  if (name === '' || gid === undefined) return { why: count ?? (name === '' ? 'no name' : 'gid is no number') };
  const members = list
    .split(',', maxMembers)
    .map((member) => kept(member.trim()))
    .filter((member) => member !== '');
  const record = { line, name: kept(name), gid, members };
  if (count !== undefined) return { why: count, record };
  const odd = oddNumber(gidField);
  return { ...record, ...(odd !== undefined && { odd }) };
}
