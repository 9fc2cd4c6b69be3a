import type { Writable } from 'node:stream';
import { writeText } from './write-text.ts';

/** Writes a document as indented JSON with a final line feed. */
export async function writeJson(out: Writable, document: object): Promise<void> {
  await writeText(out, jsonPieces(document));
}

/**
 * The text of `JSON.stringify(document, null, 2)`, one member of the top level at a time and long lists item by item,
 * so that a large report never exists as one string.
 */
function* jsonPieces(document: object): Generator<string> {
  const members = Object.entries(document).filter(([, value]) => value !== undefined);
  yield '{';
  let first = true;
  for (const [key, value] of members) {
    yield `${first ? '' : ','}\n  ${JSON.stringify(key)}: `;
    first = false;
    yield* Array.isArray(value) ? listPieces(value) : [indent(value, '  ')];
  }
  yield first ? '}\n' : '\n}\n';
}

function* listPieces(list: readonly unknown[]): Generator<string> {
  if (list.length === 0) {
    yield '[]';
    return;
  }
  let separator = '[';
  for (const item of list) {
    yield `${separator}\n    ${indent(item ?? null, '    ')}`;
    separator = ',';
  }
  yield '\n  ]';
}

function indent(value: unknown, prefix: string): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${prefix}`);
}
