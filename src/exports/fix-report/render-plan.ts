import { grid } from '../terminal/grid.ts';
import { styleFor } from '../terminal/style.ts';
import { terminalText } from '../terminal/terminal-text.ts';
import { bytes, count, span } from '../terminal/words.ts';
import { renderAbsent } from './absent.ts';
import type { FixOutputOptions, FixPlanView } from './contract.ts';
import { fixedText } from './fixed-text.ts';
import { renderUnsettled } from './unsettled.ts';
import { fixesByPackage, upgradeRows } from './upgrade-rows.ts';

/** The lines of a plan: what would change, what cannot be fixed and why, and what it would cost. */
export function* renderPlan(view: FixPlanView, options: FixOutputOptions): Generator<string> {
  const style = styleFor(options.color ?? false);
  const width = Math.max(60, options.width ?? 100);
  const { plan, source } = view;
  const outcomes = plan.outcomes.map(({ finding, outcome, detail }) => ({
    id: finding.id,
    package: finding.package,
    outcome,
    detail,
  }));
  yield `${style.strong(terminalText(source.reference))} → ${style.strong(terminalText(view.target))}  ${style.dim(terminalText(source.platform))}\n`;
  yield style.dim(`${source.digest}\n\n`);
  if (plan.upgrades.length === 0) {
    yield `${style.strong('Nothing to change')}: no upgrade fixes what was asked for\n`;
  } else {
    const verb = plan.upgrades.length === 1 ? 'fixes' : 'fix';
    yield `${style.good('●')} ${style.strong(`${count(plan.upgrades.length, 'upgrade')} ${verb}`)} ${fixedText(outcomes, view.requested)}\n\n`;
    yield* grid(upgradeRows(plan.upgrades, fixesByPackage(outcomes), style, width));
  }
  yield* renderUnsettled(outcomes, style, width);
  const planned = new Set(outcomes.map(({ id }) => id));
  yield* renderAbsent(
    view.requested.filter((id) => !planned.has(id)),
    style,
  );
  if (plan.upgrades.length > 0) {
    yield style.dim(`\nDownload ${bytes(plan.estimate.download)}, new layer about ${bytes(plan.estimate.layer)}\n`);
  }
  for (const index of plan.indexes) {
    const age = Date.parse(plan.plannedAt) - Date.parse(index.date);
    const old = Number.isFinite(age) ? `, signed ${span(Math.max(0, age))} ago` : '';
    yield style.dim(`From ${terminalText(index.archive)} ${terminalText(index.suite)}${old}\n`);
  }
  yield style.dim('\nNothing was built: this is only the plan.\n');
}
