import { severityLevels } from '../../findings/index.ts';
import type { Message, MessageItem, SeverityLevel } from '../../notify/index.ts';
import type {
  AffectedRepository,
  ChannelRecord,
  NewVulnerabilities,
  NewVulnerability,
  NotificationStore,
} from './ports.ts';

type News = Omit<Message, 'at' | 'event' | 'id' | 'projectId'> & { readonly suffix: string };
type Rules = Pick<ChannelRecord, 'projects' | 'repositories' | 'minSeverity'>;

/** So many vulnerabilities of one data update have a message each; more come together in one. */
const mostApart = 3;
/** Vulnerabilities or repositories that a message names. */
const mostNamed = 20;

/** Looks repositories up, each vulnerability once however many channels ask. */
export function affectedOnce(store: Pick<NotificationStore, 'affected'>) {
  const known = new Map<string, readonly AffectedRepository[]>();
  return async (names: readonly string[]): Promise<ReadonlyMap<string, readonly AffectedRepository[]>> => {
    const missing = names.filter((name) => !known.has(name));
    if (missing.length > 0) {
      const found = await store.affected(missing);
      for (const name of missing) known.set(name, found.get(name) ?? []);
    }
    return known;
  };
}

/**
 * What a channel is told of one data update: a message for each of a few vulnerabilities, with the number of images and the
 * repositories that have most of them, or one for all of many, worst first.
 * @param isWanted whether the channel wants to know of a repository
 */
export async function vulnerabilityNews(
  { news, more }: NewVulnerabilities,
  rules: Rules,
  isWanted: (repository: string) => boolean,
  affected: ReturnType<typeof affectedOnce>,
): Promise<readonly News[]> {
  const severe = news.filter(({ severity }) => reaches(severity, rules.minSeverity));
  const inProjects = severe
    .map((one) => ({ one, images: imagesIn(one, rules.projects) }))
    .filter(({ images }) => images > 0);
  const counted =
    rules.repositories.length === 0 ? inProjects : await inRepositories(inProjects, rules, isWanted, affected);
  const others = Object.entries(more)
    .filter(([level]) => reaches(level as SeverityLevel, rules.minSeverity))
    .reduce((sum, [, n]) => sum + n, 0);
  if (counted.length === 0) return [];
  if (counted.length + others > mostApart) return [together(counted, others)];
  const places = await affected(counted.map(({ one }) => one.id));
  return counted.map(({ one, images }) => {
    const own = (places.get(one.id) ?? []).filter((place) => isOwn(place, rules, isWanted));
    return apart(one, images, own);
  });
}

interface Counted {
  readonly one: NewVulnerability;
  readonly images: number;
}

function reaches(level: SeverityLevel, least: SeverityLevel): boolean {
  return severityLevels.indexOf(level) >= severityLevels.indexOf(least);
}

function imagesIn({ images }: NewVulnerability, projects: readonly number[] | null): number {
  return Object.entries(images)
    .filter(([id]) => projects === null || projects.includes(Number(id)))
    .reduce((sum, [, n]) => sum + n, 0);
}

function isOwn(
  { projectId, path }: AffectedRepository,
  { projects }: Rules,
  isWanted: (path: string) => boolean,
): boolean {
  return (projects === null || projects.includes(projectId)) && isWanted(path);
}

/** Counts what is in the repositories of the channel; what is in none of them is no news for it. */
async function inRepositories(
  counted: readonly Counted[],
  rules: Rules,
  isWanted: (path: string) => boolean,
  affected: ReturnType<typeof affectedOnce>,
): Promise<readonly Counted[]> {
  const places = await affected(counted.map(({ one }) => one.id));
  return counted.flatMap(({ one }) => {
    const own = (places.get(one.id) ?? []).filter((place) => isOwn(place, rules, isWanted));
    const images = own.reduce((sum, place) => sum + place.images, 0);
    return images === 0 ? [] : [{ one, images }];
  });
}

function apart(one: NewVulnerability, images: number, places: readonly AffectedRepository[]): News {
  const { id, severity, title, fixable, kev } = one;
  const facts: Message['facts'] = [
    ['Severity', severity],
    ...(kev ? ([['Exploited', 'known to be exploited']] as const) : []),
    ['Fix', fixable ? 'published' : 'none published yet'],
    ...(title === null ? [] : ([['About', title]] as const)),
  ];
  return {
    ...{ suffix: `-${id}`, title: `${id} (${severity}) affects ${imagesText(images)}`, severity, facts },
    items: places.slice(0, mostNamed).map((place): MessageItem => {
      return { id: place.path, text: `${place.path}: ${imagesText(place.images)}`, severity: null };
    }),
    more: Math.max(0, places.length - mostNamed),
    path: `/vulns/${encodeURIComponent(id)}`,
  };
}

function together(counted: readonly Counted[], others: number): News {
  const worst = counted.reduce<SeverityLevel>(
    (level, { one }) => (reaches(one.severity, level) ? one.severity : level),
    'unknown',
  );
  const n = counted.length + others;
  return {
    ...{ suffix: '', title: `${n} new vulnerabilities on existing images`, severity: worst },
    facts: [
      ['Worst', worst],
      ['Known to be exploited', String(counted.filter(({ one }) => one.kev).length)],
      ['With a published fix', String(counted.filter(({ one }) => one.fixable).length)],
    ],
    items: counted.slice(0, mostNamed).map(({ one, images }): MessageItem => {
      const marks = [imagesText(images), one.kev ? 'exploited' : null, one.fixable ? 'fix published' : null];
      return { id: one.id, text: `${one.id}: ${marks.filter(Boolean).join(', ')}`, severity: one.severity };
    }),
    more: Math.max(0, counted.length - mostNamed) + others,
    path: '/vulns',
  };
}

function imagesText(n: number): string {
  return n === 1 ? '1 image' : `${n} images`;
}
