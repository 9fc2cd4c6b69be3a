import type { Outcome } from '../../ecosystems/index.ts';
import { groupBy } from '../../findings/index.ts';
import { grid } from '../terminal/grid.ts';
import type { Style } from '../terminal/style.ts';
import { fitText, terminalText, textWidth } from '../terminal/terminal-text.ts';
import { someOf } from '../terminal/words.ts';
import { isSettled, outcomeWords } from './outcome-words.ts';

/** What a plan and a report both know of what became of one finding. */
export interface ShownOutcome {
  readonly id: string;
  readonly package: string | null;
  readonly outcome: Outcome;
  readonly detail: string | null;
}

/** Everything that is not fixed, by reason, with the packages and the detail of each. */
export function* renderUnsettled(outcomes: readonly ShownOutcome[], style: Style, width: number): Generator<string> {
  const open = outcomes.filter(({ outcome }) => !isSettled(outcome));
  if (open.length === 0) return;
  const ids = new Set(open.map(({ id }) => id)).size;
  yield `\n${style.strong(`Not fixed: ${ids}`)}\n`;
  const order = Object.keys(outcomeWords);
  const groups = [...groupBy(open, ({ outcome }) => outcome)];
  groups.sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  for (const [outcome, members] of groups) {
    yield `\n  ${style.warn(outcomeWords[outcome as Outcome])}\n`;
    const rows = [...groupBy(members, ({ package: name, detail }) => JSON.stringify([name, detail])).values()];
    const lines = rows.map((same) => [
      fitText(terminalText(same[0]?.package ?? '–', 100), 30),
      someOf([...new Set(same.map(({ id }) => terminalText(id, 40)))], 2),
    ]);
    const used = [0, 1].map((column) => Math.max(...lines.map((line) => textWidth(line[column] ?? ''))));
    const room = Math.max(20, width - 8 - (used[0] ?? 0) - (used[1] ?? 0));
    yield* grid(
      lines.map(([name = '', named = ''], index) => [
        { text: name },
        { text: named },
        { text: fitText(terminalText(rows[index]?.[0]?.detail ?? '', 500), room), style: style.dim },
      ]),
      '    ',
    );
  }
}
