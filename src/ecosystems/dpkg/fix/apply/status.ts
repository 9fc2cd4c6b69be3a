import { compareText } from '../../../../kernel/index.ts';
import type { DpkgPackage } from '../database.ts';
import { type Field, fieldOf, readStanzas, type Stanza } from '../stanza.ts';
import { ApplyError } from './errors.ts';
import { bytesOf } from './path-text.ts';
import { dropZeroEpoch, normaliseRelations, relationFields } from './relations.ts';

/** The order in which dpkg writes fields; all others follow as the package has them. */
const order = [
  'Package',
  'Essential',
  'Protected',
  'Status',
  'Priority',
  'Section',
  'Installed-Size',
  'Origin',
  'Maintainer',
  'Bugs',
  'Architecture',
  'Multi-Arch',
  'Source',
  'Version',
  'Config-Version',
  'Replaces',
  'Provides',
  'Depends',
  'Pre-Depends',
  'Recommends',
  'Suggests',
  'Breaks',
  'Conflicts',
  'Enhances',
  'Conffiles',
  'Description',
];
const ordered = new Set(order.map((name) => name.toLowerCase()));

/** The single stanza of a package's `control` file. @throws ApplyError `unsupported` when there is none, or two. */
export function readControlStanza(bytes: Uint8Array | undefined, name: string): Stanza {
  const { stanzas, malformed } = readStanzas(bytes ?? new Uint8Array());
  const [stanza, second] = stanzas;
  if (!stanza || second || malformed > 0) {
    throw new ApplyError('unsupported', `the control file of ${name} is not one stanza`);
  }
  return stanza;
}

/** What the record of an upgraded package says beyond its control file. */
export interface RecordState {
  /** Lines `path md5[ obsolete][ remove-on-upgrade]`. */
  readonly conffiles: readonly string[];
  /** Record of the version before, from which missing fields are inherited. */
  readonly old: DpkgPackage | undefined;
}

/** The record that dpkg would store for a configured package, with its final newline. */
export function writeRecord(control: Stanza, state: RecordState): string {
  const values = new Map<string, string>();
  for (const name of order) {
    const value = knownField(control, name.toLowerCase(), state);
    if (value !== undefined && value !== '') values.set(name, value);
  }
  let text = '';
  for (const [name, value] of values) text += writeField({ name, value });
  for (const field of control.fields) {
    if (!ordered.has(field.name.toLowerCase()) && field.value !== '') text += writeField(field);
  }
  return text;
}

function writeField({ name, value }: Field): string {
  return value.startsWith('\n') ? `${name}:${value}\n` : `${name}: ${value}\n`;
}

function knownField(control: Stanza, name: string, state: RecordState): string | undefined {
  const value = fieldOf(control, name);
  if (relationFields.has(name)) return value === undefined ? undefined : normalRelations(control, name, value);
  switch (name) {
    case 'status':
      // Whatever was wanted before: who has dpkg install a version wants it installed.
      return 'install ok installed';
    case 'conffiles':
      return state.conffiles.length === 0 ? undefined : `\n${state.conffiles.map((line) => ` ${line}`).join('\n')}`;
    case 'config-version':
      return undefined;
    case 'essential':
    case 'protected':
      return value === 'yes' ? value : undefined;
    case 'multi-arch':
      return value === 'no' ? undefined : value;
    case 'priority':
    case 'section':
      return value ?? state.old?.fields.get(name);
    case 'version':
      return value === undefined ? undefined : dropZeroEpoch(value);
    default:
      return value;
  }
}

function normalRelations(control: Stanza, name: string, value: string): string {
  const normal = normaliseRelations(value);
  if (normal !== undefined) return normal;
  const owner = fieldOf(control, 'package');
  throw new ApplyError('unsupported', `the field ${name} of ${owner} holds something that is no package relation`);
}

/** A record of the new status file. */
export interface StatusRecord {
  readonly name: string;
  readonly arch: string;
  /** With its final newline, without the empty line behind it. */
  readonly bytes: Uint8Array;
}

/** The whole status file: untouched records byte for byte, sorted by name and architecture as dpkg does. */
export function writeStatus(untouched: readonly DpkgPackage[], written: readonly StatusRecord[]): Uint8Array {
  const records: StatusRecord[] = [
    ...untouched.map(({ name, arch, stanza }) => ({ name, arch, bytes: endLine(stanza.raw) })),
    ...written,
  ];
  records.sort((a, b) => compareText(a.name, b.name) || compareText(a.arch, b.arch));
  const separator = bytesOf('\n');
  return Buffer.concat(records.flatMap(({ bytes }) => [bytes, separator]));
}

function endLine(raw: Uint8Array): Uint8Array {
  return raw.at(-1) === 0x0a ? raw : Buffer.concat([raw, bytesOf('\n')]);
}
