import type { Transaction } from 'kysely';
import type { SeverityLevel } from '../../../advisories/index.ts';
import { severityLevels } from '../../../findings/index.ts';
import { compareText } from '../../../kernel/index.ts';
import type { NewVulnerabilities, NewVulnerability } from '../../../service/index.ts';
import type { Db } from '../contract.ts';
import type { Tables } from '../tables.ts';
import { appendEvents } from '../work/outbox.ts';
import type { OpeningMatch } from './matches.ts';

const atOnce = 1_000;

/** What a new generation means for one vulnerability. */
export interface ChangedVulnerability {
  readonly vulnerability: string;
  /** Package versions whose match was opened or says something else; closed likewise. */
  readonly opened: number;
  readonly closed: number;
  /** Current images that hold any of these packages, by project. */
  readonly images: Readonly<Record<string, number>>;
}

/** The same, with the current images that did not have it before, by project. */
export interface NewsOfVulnerability extends ChangedVulnerability {
  readonly fresh: Readonly<Record<string, number>>;
}

/** One event per vulnerability, never one per image. */
export async function tellChanges(
  db: Db,
  trx: Transaction<Tables>,
  at: number,
  changes: readonly ChangedVulnerability[],
): Promise<void> {
  for (let start = 0; start < changes.length; start += atOnce) {
    const events = changes
      .slice(start, start + atOnce)
      .map(({ vulnerability, opened, closed, images }) => ({ vulnerability, opened, closed, images }))
      .map((payload) => ({ at, topic: 'vulnerability.matched', projectId: null, payload }));
    await appendEvents(trx, db.dialect, events);
  }
}

/** Vulnerabilities that one event names; of the others it says how many there are. */
const mostNews = 500;
const longestTitle = 200;

/** One event per generation of what images have now that they did not have before: the worst vulnerabilities first. */
export async function tellNew(
  db: Db,
  trx: Transaction<Tables>,
  at: number,
  generation: number,
  opened: readonly OpeningMatch[],
  changes: readonly NewsOfVulnerability[],
): Promise<void> {
  const news = new Map(
    changes.filter(({ fresh }) => Object.keys(fresh).length > 0).map((one) => [one.vulnerability, one]),
  );
  if (news.size === 0) return;
  const facts = new Map<string, NewVulnerability>();
  for (const { facts: match } of opened) {
    const images = news.get(match.id)?.fresh;
    if (images === undefined) continue;
    const known = facts.get(match.id);
    const severity = worse(match.severity.level, known?.severity);
    const fixable = known?.fixable === true || match.state === 'fixed';
    const title = known?.title ?? match.title?.slice(0, longestTitle) ?? null;
    facts.set(match.id, { id: match.id, severity, title, fixable, kev: match.kev, images });
  }
  const worstFirst = [...facts.values()].sort(
    (a, b) =>
      Number(b.kev) - Number(a.kev) ||
      severityLevels.indexOf(b.severity) - severityLevels.indexOf(a.severity) ||
      compareText(a.id, b.id),
  );
  const more: Partial<Record<SeverityLevel, number>> = {};
  for (const { severity } of worstFirst.slice(mostNews)) more[severity] = (more[severity] ?? 0) + 1;
  const payload: NewVulnerabilities = { generation, news: worstFirst.slice(0, mostNews), more };
  await appendEvents(trx, db.dialect, [{ at, topic: 'vulnerability.new', projectId: null, payload }]);
}

function worse(level: SeverityLevel, known: SeverityLevel | undefined): SeverityLevel {
  return known !== undefined && severityLevels.indexOf(known) > severityLevels.indexOf(level) ? known : level;
}
