import { type TextLines, textLines } from '../../text-lines.ts';

/** A line that is no record of its file. */
export interface BadLine<R> {
  readonly line: number;
  readonly why: string;
  /** What programs that take a line as it comes make of it; absent where that is nothing. */
  readonly record?: R;
}

/** What every account file gives besides its records. */
export interface RecordFacts<R> {
  readonly records: readonly R[];
  /** At most 100 of them. */
  readonly malformed: readonly BadLine<R>[];
  /** Lines that ask NIS, which has no place in an image. */
  readonly nis: readonly number[];
  /** There were more lines than are read. */
  readonly truncated?: true;
}

const keptLines = 100;

/**
 * Reads a file of records whose fields are separated by colons. Blank lines and comments are passed over, as the C library
 * does; `parse` says why where a line is no record. A record may be odd as well: it is both then.
 */
export function readRecords<R extends { readonly line: number; readonly odd?: string }>(
  bytes: Uint8Array,
  parse: (fields: readonly string[], line: number) => R | Omit<BadLine<R>, 'line'>,
): RecordFacts<R> | undefined {
  const text: TextLines | undefined = textLines(bytes);
  if (text === undefined) return undefined;
  const records: R[] = [];
  const malformed: BadLine<R>[] = [];
  const nis: number[] = [];
  for (const [index, content] of text.lines.entries()) {
    const line = index + 1;
    if (/^\s*(#|$)/.test(content)) continue;
    if (/^[+-]/.test(content)) {
      if (nis.length < keptLines) nis.push(line);
      continue;
    }
    const record = parse(content.split(':'), line);
    if (!('why' in record)) records.push(record);
    const bad = 'why' in record ? record : record.odd === undefined ? undefined : { why: record.odd };
    if (bad !== undefined && malformed.length < keptLines) malformed.push({ line, ...bad });
  }
  return { records, malformed, nis, ...(text.truncated && { truncated: true as const }) };
}

/**
 * Records with those of malformed lines, in the order of the file: who runs a container as a user, or asks whom a number
 * belongs to, does not mind a missing field.
 */
export function looseRecords<R extends { readonly line: number }>(facts: RecordFacts<R>): readonly R[] {
  const broken = facts.malformed.flatMap(({ record }) => record ?? []);
  return broken.length === 0 ? facts.records : [...facts.records, ...broken].sort((a, b) => a.line - b.line);
}

/** Longest text of an account that is kept: names, directories, shells, hashes. */
const maxField = 512;

/** A field as kept in facts. */
export function kept(field: string | undefined): string {
  return (field ?? '').slice(0, maxField);
}

/**
 * A user or group number as the C library reads it: decimal, with blanks before it and a sign; what is over 32 bits is
 * the largest number. Undefined when it is no number.
 */
export function idNumber(field: string | undefined): number | undefined {
  const parts = /^\s*(?<sign>[+-]?)(?<digits>\d{1,20})$/.exec(field ?? '')?.groups;
  if (parts === undefined) return undefined;
  const value = Number(parts.digits);
  if (value === 0) return 0;
  return parts.sign === '-' || value > 0xffff_ffff ? 0xffff_ffff : value;
}

/** Why programs disagree on a number that the C library accepts; undefined for a plain one. */
export function oddNumber(field: string | undefined): string | undefined {
  return /^\s*\+?\d{1,10}$/.test(field ?? '') && Number(field) <= 0xffff_ffff
    ? undefined
    : 'a number that is not plain';
}
