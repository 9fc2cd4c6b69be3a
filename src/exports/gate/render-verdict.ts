import type { Evidence, GateVerdict, RuleVerdict } from '../../findings/index.ts';
import { type Style, styleFor } from '../terminal/style.ts';
import { fitText, terminalText } from '../terminal/terminal-text.ts';
import { count } from '../terminal/words.ts';

/** Evidence of one rule that is shown; the rest is counted. */
const most = 10;

/** The lines of a verdict: pass or fail, every rule with what speaks against it, what was allowed. */
export function* renderVerdict(
  verdict: GateVerdict,
  options: { readonly width?: number | undefined; readonly color?: boolean | undefined },
): Generator<string> {
  const style = styleFor(options.color ?? false);
  const width = Math.max(60, options.width ?? 100);
  const { image, policy, rules } = verdict;
  const failed = rules.filter(({ passed }) => !passed).length;
  const word = verdict.verdict === 'pass' ? style.good('✔ PASS') : style.bad('✖ FAIL');
  const name = fitText(terminalText(image.reference), width - 30);
  yield `${word}  ${style.strong(name)}  ${style.dim(terminalText(image.platform))}\n`;
  yield style.dim(`${image.digest}\n`);
  const by = policy.name === null ? `policy ${policy.sha256.slice(0, 12)}` : `policy ${terminalText(policy.name, 100)}`;
  yield `${by}: ${failed === 0 ? `${count(rules.length, 'rule')} kept` : `${failed} of ${count(rules.length, 'rule')} violated`}\n\n`;
  for (const rule of rules) yield* renderRule(rule, style, width);
  yield* renderAllowed(verdict, style, width);
}

function* renderRule({ rule, asks, passed, evidence }: RuleVerdict, style: Style, width: number): Generator<string> {
  const mark = passed ? style.good('✔') : style.bad('✖');
  const found = passed && evidence.length > 0 ? style.dim(` (${evidence.length} tolerated)`) : '';
  yield `  ${mark} ${fitText(terminalText(asks, 300), width - 30)}${found}  ${style.dim(rule)}\n`;
  if (passed) return;
  for (const entry of evidence.slice(0, most)) yield `      ${shown(entry, style, width - 6)}\n`;
  if (evidence.length > most) yield style.dim(`      … ${evidence.length - most} more with -o json\n`);
}

function shown({ text, severity }: Evidence, style: Style, width: number): string {
  const safe = fitText(terminalText(text, 500), width);
  return severity === null ? safe : style.severity(severity, safe);
}

function* renderAllowed({ allowed }: GateVerdict, style: Style, width: number): Generator<string> {
  const used = allowed.filter((entry) => entry.used > 0);
  const expired = allowed.filter((entry) => entry.expired);
  if (used.length > 0) yield `\n${style.strong('Allowed by the policy')}\n`;
  for (const { id, used: times, until, reason } of used.slice(0, most)) {
    const term = until === null ? 'for good' : `until ${until}`;
    yield `  ${fitText(`${terminalText(id, 60)} (${count(times, 'finding')}) ${term}: ${terminalText(reason, 300)}`, width - 2)}\n`;
  }
  if (used.length > most) yield style.dim(`  … ${used.length - most} more with -o json\n`);
  if (expired.length > 0) yield `\n${style.warn('No longer allowed, because its time is over:')}\n`;
  for (const { id, until } of expired.slice(0, most)) yield `  ${terminalText(id, 60)} (${until ?? ''})\n`;
  if (expired.length > most) yield style.dim(`  … ${expired.length - most} more with -o json\n`);
}
