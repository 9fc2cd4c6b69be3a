import type { Style } from '../terminal/style.ts';
import { terminalText } from '../terminal/terminal-text.ts';
import type { ShownOutcome } from './unsettled.ts';

/** More ids than this are counted only; nobody reads them. */
const most = 20;

/** Requested ids that concern no package of the image. */
export function absentIds(outcomes: readonly ShownOutcome[]): readonly string[] {
  const absent = outcomes.filter(({ package: name, outcome }) => name === null && outcome === 'not_affected');
  return [...new Set(absent.map(({ id }) => id))];
}

/** Names what was asked for and is not there: a misspelt id must not look like a fixed one. */
export function* renderAbsent(ids: readonly string[], style: Style): Generator<string> {
  if (ids.length === 0) return;
  yield `\n${style.strong(`Not in this image: ${ids.length}`)}\n\n`;
  for (const id of ids.slice(0, most)) yield `    ${terminalText(id, 60)}\n`;
  if (ids.length > most) yield style.dim(`    … ${ids.length - most} more with -o json\n`);
}
