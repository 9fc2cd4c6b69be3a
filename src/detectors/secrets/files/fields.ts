import type { RiskLevel } from '../../contract.ts';
import type { FileRule, Found } from '../contract.ts';
import { isPlaceholder } from '../engine/placeholders.ts';

/**
 * Notations in which files name values. Each reader takes what has the shape and leaves the rest: a file that its program
 * would refuse still gives its passwords away.
 */
export type Notation = 'lines' | 'json' | 'xml' | 'php';

/** A named value and where the value is in the text. */
export interface Field {
  readonly name: string;
  readonly value: string;
  readonly start: number;
}

/** Fields of a file; nothing real has more. */
const maxFields = 20_000;

const patterns: Readonly<Record<Notation, RegExp>> = {
  // `name = value`, `name: value`, `:name => "value"`, `export name=value`: one a line.
  lines:
    /^[ \t]{0,80}(?:export |set |- |config\.|public |\$)?["':@]{0,2}(?<name>[\w./:-]{0,99}[\w./-])["']?[ \t]{0,20}(?:=>|:=|=|:(?!:))[ \t]{0,20}(?<value>\S[^\r\n]{0,2000})/gm,
  // Comments and commas too many do not matter.
  json: /"(?<name>[\w./:@-]{1,100})"\s{0,20}:\s{0,20}"(?<value>(?:[^"\\\r\n]|\\.){1,4000})"/g,
  // Elements without children, attributes, and `<add key="name" value="value"/>`.
  xml: /<(?<name>[\w.:-]{1,100})(?:\s[^<>]{0,300})?>(?<value>[^<>]{1,4000})<\/|\s(?:key|name)="(?<named>[\w.:-]{1,100})"\s{1,20}value="(?<given>[^"<>]{1,2000})"|\s(?<attribute>[\w.:-]{1,100})="(?<text>[^"<>]{1,2000})"/g,
  // `$name = 'value'`, `'name' => 'value'`, `define('name', 'value')`.
  php: /["'$>](?<name>[\w-]{1,60})["']?\]?\s{0,20}(?:=>|=|,)\s{0,20}(?:'(?<value>[^'\r\n]{1,300})'|"(?<text>[^"\r\n]{1,300})")/g,
};

/** The fields of a text in order. Values of lines come without quotes, ends of statements and comments behind them. */
export function* fieldsOf(text: string, notation: Notation): Generator<Field> {
  let left = maxFields;
  for (const { index, 0: all, groups = {} } of text.matchAll(patterns[notation])) {
    if (left-- === 0) return;
    const name = groups.name ?? groups.named ?? groups.attribute ?? '';
    const raw = groups.value ?? groups.given ?? groups.text ?? '';
    if ((notation === 'lines' || notation === 'php') && isComment(text, index)) continue;
    const value = notation === 'lines' ? unquoted(raw) : raw.trim();
    const start = index + all.lastIndexOf(raw) + raw.indexOf(value);
    if (value !== '') yield { name, value, start };
  }
}

/** Whether the line at a position is a comment up to there. */
function isComment(text: string, at: number): boolean {
  const line = text.slice(Math.max(text.lastIndexOf('\n', at - 1) + 1, at - 200), at + 1);
  return /^\s{0,100}(?:#|\/\/|;|\*|--)/.test(line);
}

function unquoted(raw: string): string {
  const quote = raw[0];
  if (quote === '"' || quote === "'") {
    const end = raw.indexOf(quote, 1);
    return end < 0 ? '' : raw.slice(1, end);
  }
  return raw.replace(/\s[#;][^\r\n]*$/, '').replace(/[\s,;]+$/, '');
}

/** A file whose fields are looked at; see FileRule for what is not explained here. */
export interface FieldFile extends Pick<FileRule, 'names' | 'extensions' | 'where'> {
  readonly id?: string;
  readonly key: string;
  /** Default: high. */
  readonly level?: RiskLevel;
  readonly notation: Notation;
  /** Names of the fields that hold secrets: the whole name must match. */
  readonly fields: RegExp;
  /** The content must have this, or the name of the file means nothing. */
  readonly mark?: RegExp;
  /** Level of a value, or null where it is none. Default: the file's own, unless it is a placeholder. */
  judge?(value: string): RiskLevel | null;
}

/** Makes a rule for files whose named fields hold secrets; values that stand for others or for none do not count. */
export function fieldFile(file: FieldFile): FileRule {
  const { id = file.key, key, level = 'high', names, extensions, where, notation, fields, mark, judge } = file;
  return {
    ...{ id, key, level, content: 'text' },
    ...(names && { names }),
    ...(extensions && { extensions }),
    ...(where && { where }),
    *read({ text }): Generator<Found> {
      if (mark !== undefined && !mark.test(text)) return;
      for (const { name, value, start } of fieldsOf(text, notation)) {
        if (!fields.test(name) || isPlaceholder(value)) continue;
        const judged = judge === undefined ? level : judge(value);
        if (judged !== null) yield { start, end: start + value.length, level: judged };
      }
    },
  };
}

/** A file in which one pattern tells where values are; same filters. */
export interface PatternFile extends Pick<FileRule, 'names' | 'extensions' | 'where'> {
  readonly id?: string;
  readonly key: string;
  readonly level?: RiskLevel;
  /** With the flag `g` and the value in the group `value`. */
  readonly pattern: RegExp;
  readonly mark?: RegExp;
  /** Hashes and the like are no words, so filters for words do not fit. */
  readonly literal?: true;
}

/** Makes a rule of a pattern for files of certain names. */
export function patternFile(file: PatternFile): FileRule {
  const { id = file.key, key, level = 'high', names, extensions, where, pattern, mark, literal } = file;
  return {
    ...{ id, key, level, content: 'text' },
    ...(names && { names }),
    ...(extensions && { extensions }),
    ...(where && { where }),
    *read({ text }): Generator<Found> {
      if (mark !== undefined && !mark.test(text)) return;
      for (const match of text.matchAll(pattern)) {
        const value = match.groups?.value ?? '';
        if (value === '' || (!literal && isPlaceholder(value)) || isComment(text, match.index)) continue;
        const start = match.index + match[0].lastIndexOf(value);
        yield { start, end: start + value.length };
      }
    },
  };
}
