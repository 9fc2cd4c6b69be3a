import { coversRisk, type EstateQueries, Pacer, riskKinds, riskViewOf, selectedImages } from '../../findings/index.ts';
import type { Call, NewDecision } from '../contract/index.ts';
import { scopeFilter } from '../decisions/filter.ts';

/** How many counted findings a decision would cover, and in how many images. */
export async function riskImpact(
  queries: EstateQueries,
  call: Call,
  decision: NewDecision,
): Promise<{ readonly findings: number; readonly images: number }> {
  const pacer = new Pacer(call.signal);
  const plan = await queries.plan({ and: scopeFilter(decision.scope) }, call.projects, call.signal);
  const view = await riskViewOf(plan.snapshot, () => new Pacer());
  const { table } = view;
  const known: boolean[] = [];
  const covered = (risk: number): boolean => {
    const kind = riskKinds[table.kind(risk)] ?? 'baseline';
    const head = table.heads[table.head(risk)] as (typeof table.heads)[number];
    const file = { path: table.path.get(risk), md5: table.md5.get(risk), sha256: table.sha256.get(risk) };
    known[risk] ??= table.counted(risk) && coversRisk(decision, { kind, head, ...file });
    return known[risk];
  };
  let [findings, images] = [0, 0];
  for (const [index, image] of (await selectedImages(plan, pacer)).entries()) {
    if ((index & 255) === 0 && pacer.due()) await pacer.rest();
    const own = view.of(image).reduce((sum, risk) => sum + (covered(risk) ? 1 : 0), 0);
    findings += own;
    if (own > 0) images++;
  }
  return { findings, images };
}
