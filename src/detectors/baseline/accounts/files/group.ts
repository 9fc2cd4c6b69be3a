import type { FactReader } from '../../contract.ts';
import { baseName } from '../../text-lines.ts';
import { idNumber, kept, type RecordFacts, readRecords } from './records.ts';

/** A group of group(5). */
export interface Group {
  readonly line: number;
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
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
  version: 1,
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
    readRecords(bytes, (fields, line) => {
      if (fields.length !== 4) return `${fields.length} fields instead of 4`;
      return fields[0] === '' ? 'no name' : { line, name: kept(fields[0]) };
    }),
};

function parseGroup(fields: readonly string[], line: number): Group | string {
  if (fields.length !== 4) return `${fields.length} fields instead of 4`;
  const [name = '', , gidField, list = ''] = fields;
  const gid = idNumber(gidField);
  if (name === '') return 'no name';
  if (gid === undefined) return 'gid is no number';
  const members = list
    .split(',', maxMembers)
    .map((member) => kept(member.trim()))
    .filter((member) => member !== '');
  return { line, name: kept(name), gid, members };
}
