import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compactTables } from './alibaba-fields.data.ts';

/** JSON types of answers, wire types of requests. */
export interface OperationTable {
  /** `Name` → type, with `!` behind it when the parameter is required. */
  readonly request: ReadonlyMap<string, string>;
  /** `Data.List[].Id` → type. */
  readonly response: ReadonlyMap<string, string>;
}

const envelope: Readonly<Record<string, string>> = {
  Code: 'string',
  Message: 'string',
  Success: 'boolean',
  HttpStatusCode: 'number',
  TimeCost: 'number',
};
const pageInfo = ['CurrentPage', 'PageSize', 'TotalCount', 'Count'];

/** The specification, when it lies beside the checkout; undefined otherwise. */
export function specification(root: string): string | undefined {
  const places = ['../shared/spec', '../../shared/spec'].map((place) => join(root, place, 'alibaba-operations.md'));
  const found = places.find((place) => existsSync(place));
  return found === undefined ? undefined : readFileSync(found, 'utf8');
}

/** Reads the field tables of all operations out of the specification's Markdown. */
export function parseTables(markdown: string): Map<string, OperationTable> {
  const tables = new Map<string, OperationTable>();
  let request = new Map<string, string>();
  let response = new Map<string, string>();
  let into: Map<string, string> | undefined;
  for (const line of markdown.split('\n')) {
    const operation = /^### (?:3\.\d )?([A-Z]\w+) — /.exec(line)?.[1];
    if (operation !== undefined) {
      request = new Map();
      response = new Map();
      into = undefined;
      tables.set(operation, { request, response });
    } else if (line.startsWith('| Request |')) into = request;
    else if (line.startsWith('| Response |')) into = response;
    else if (line.startsWith('|') && into !== undefined) addRow(line, into, into === request);
    else if (!line.startsWith('|')) into = undefined;
  }
  return tables;
}

function addRow(line: string, into: Map<string, string>, isRequest: boolean): void {
  const [, names = '', type = '', third = ''] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
  const types = type.split(', ');
  for (const [at, [, name = '']] of [...names.matchAll(/`([^`]+)`/g)].entries()) {
    // How a list is spelled on the wire is not a matter of its type.
    const own = (types[at] ?? types[0] ?? '').replace(' as JSON', '');
    if (isRequest) into.set(name, `${own}${third === 'yes' ? '!' : ''}`);
    else if (name === 'RequestId') continue;
    else if (type === '—') into.set(name, envelope[name] ?? '?');
    else if (name === 'PageInfo' || name.endsWith('.PageInfo')) {
      into.set(name, 'object');
      const fields = third.includes('without `Count`') ? pageInfo.filter((field) => field !== 'Count') : pageInfo;
      for (const field of fields) into.set(`${name}.${field}`, 'number');
      if (third.includes('plus `LastRowKey`')) into.set(`${name}.LastRowKey`, 'string');
    } else into.set(name, type);
  }
}

/** Tables in the compact form of the committed file: one line an operation. */
export function formatTables(tables: ReadonlyMap<string, OperationTable>): string {
  const fields = (map: ReadonlyMap<string, string>): string =>
    [...map].map(([name, type]) => `${name}:${type.replaceAll(' ', '_')}`).join(' ');
  return [...tables]
    .map(([name, { request, response }]) => `${name} ? ${fields(request)} > ${fields(response)}`)
    .join('\n');
}

/** The committed tables. */
export function knownTables(): Map<string, OperationTable> {
  const read = (text: string): Map<string, string> =>
    new Map(
      text
        .trim()
        .split(' ')
        .filter((entry) => entry !== '')
        .map((entry) => {
          const colon = entry.lastIndexOf(':');
          return [entry.slice(0, colon), entry.slice(colon + 1).replaceAll('_', ' ')];
        }),
    );
  return new Map(
    compactTables
      .trim()
      .split('\n')
      .map((line) => {
        const [, name = '', request = '', response = ''] = /^(\w+) \? (.*?) ?> ?(.*)$/.exec(line) ?? [];
        return [name, { request: read(request), response: read(response) }];
      }),
  );
}

/**
 * What is wrong with an answer by its table: members that are not in it, and members of another type. Adds the paths that
 * it saw to `seen`.
 */
export function checkAnswer(body: object, table: OperationTable, seen: Set<string> = new Set()): string[] {
  const wrong: string[] = [];
  const walk = (value: unknown, path: string): void => {
    const members = Object.entries(value as Record<string, unknown>);
    for (const [key, member] of members) {
      const name = path === '' ? key : `${path}.${key}`;
      if (path === '' && key === 'RequestId') {
        if (!/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/.test(String(member))) wrong.push(`RequestId ${member}`);
        continue;
      }
      if (Array.isArray(member)) {
        visitList(name, member);
        continue;
      }
      const type = table.response.get(name);
      const actual = member === null ? 'null' : typeof member;
      if (type === undefined) wrong.push(`${name} is not in the table`);
      else if (type !== actual && type !== 'any') wrong.push(`${name} is ${actual}, not ${type}`);
      if (actual === 'number' && !Number.isSafeInteger(member)) wrong.push(`${name} is no whole number`);
      seen.add(name);
      if (actual === 'object') walk(member, name);
    }
  };
  const visitList = (name: string, items: readonly unknown[]): void => {
    const type = table.response.get(`${name}[]`);
    if (type !== 'object[]' && type !== 'string[]') wrong.push(`${name} is a list, not ${type ?? 'in the table'}`);
    seen.add(`${name}[]`);
    for (const item of items) {
      if (type === 'string[]' && typeof item !== 'string') wrong.push(`${name}[] holds ${typeof item}`);
      if (type === 'object[]') walk(item, `${name}[]`);
    }
  };
  walk(body, '');
  return [...new Set(wrong)];
}
