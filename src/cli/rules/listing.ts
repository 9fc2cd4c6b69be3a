import { type FeedState, type RejectedRule, type RuleFeed, type RuleListing, termsOf } from '../../detectors/index.ts';
import { grid, terminalText } from '../../exports/index.ts';
import { ageText } from '../db-text.ts';

/** Rejected rules that are shown right after an import. */
const shownRejected = 10;

const stateNames: Readonly<Record<FeedState, string>> = { observe: 'observe', active: 'active', off: 'off' };

/** `rules ls` as a document. The lists of what cannot be used are left out unless asked for. */
export function listingDocument(listing: RuleListing, rejected: boolean): unknown {
  const { generation, kept, bundled, feeds } = listing;
  const counts = ({ total, listed }: { total: number; listed: readonly unknown[] }) =>
    rejected ? { total, listed } : { total };
  return {
    schemaVersion: 1,
    generation: generation ?? null,
    kept,
    bundled: {
      rules: bundled.rules,
      rejected: counts({ total: bundled.rejected.length, listed: bundled.rejected }),
    },
    feeds: feeds.map((feed) => ({ ...feed, rejected: counts(feed.rejected), skipped: counts(feed.skipped) })),
  };
}

/** `rules ls` for people. */
export function listingText(listing: RuleListing, now: Date): string {
  const { generation, kept, bundled, feeds } = listing;
  const head = ['feed', 'state', 'rules', 'rejected', 'age', 'licence', 'source'];
  const rows = [
    ['bundled', 'active', bundled.rules, bundled.rejected.length, '', 'as Drydock', ''],
    ...feeds.map((feed) => [
      feed.name,
      stateText(feed),
      feed.rules,
      feed.rejected.total,
      ageText(feed.importedAt, now),
      licenceText(feed.licence),
      feed.source ?? 'not stated',
    ]),
  ];
  const cells = rows.map((row) =>
    row.map((value) =>
      typeof value === 'number'
        ? { text: value.toLocaleString('en'), align: 'right' as const }
        : { text: terminalText(value, 120) },
    ),
  );
  const heading = head.map((text) =>
    text === 'rules' || text === 'rejected' ? { text, align: 'right' as const } : { text },
  );
  const notes = [
    feeds.some(({ state }) => state === 'observe') ? 'Hits of feeds in observe are shown and not counted.\n' : '',
    generation === undefined
      ? 'Nothing is imported: drydock rules import PATH…\n'
      : `Generation ${generation.number} (${terminalText(generation.change)}); kept: ${kept.join(', ')}.\n`,
    feeds.some(({ rejected, skipped }) => rejected.total + skipped.total > 0)
      ? '`rules ls --rejected` says what cannot be used, and why.\n'
      : '',
  ];
  return [...grid([heading, ...cells], ''), ...notes].join('');
}

/** `rules ls --rejected` for people. */
export function rejectedText({ bundled, feeds }: RuleListing): string {
  const parts = [
    rejectedLines('bundled', bundled.rejected, bundled.rejected.length),
    ...feeds.flatMap(({ name, rejected, skipped }) => [
      rejectedLines(name, rejected.listed, rejected.total),
      skippedLines(name, skipped),
    ]),
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'All rules are used.\n' : parts.join('');
}

/** What an import did. */
export function importText(feed: RuleFeed): string {
  const { name, files, rules, rejected, skipped } = feed;
  const licence = feed.licence === null ? 'not stated (--licence)' : licenceText(feed.licence);
  const state =
    feed.state === 'observe'
      ? `observed until ${feed.observeUntil?.slice(0, 10)}: hits are shown and not counted; \`drydock rules enable ${name}\` ends that`
      : feed.state === 'active'
        ? 'active'
        : `off; \`drydock rules enable ${name}\` uses it`;
  const more = rejected.total > shownRejected ? '  … `drydock rules ls --rejected` lists all\n' : '';
  return [
    `Imported ${name}: ${count(rules, 'rule')} of ${count(files.length, 'file')}.\n`,
    `  state: ${state}\n`,
    `  licence: ${terminalText(licence)}\n`,
    rejectedLines(name, rejected.listed.slice(0, shownRejected), rejected.total) + more,
    skipped.total === 0 ? '' : `  ${count(skipped.total, 'file')} left out: no rules of a kind that is read\n`,
  ].join('');
}

/** Rules that cannot be used, one a line: where, what, why. */
export function rejectedLines(name: string, listed: readonly RejectedRule[], total: number): string {
  if (total === 0) return '';
  const lines = listed.map(({ file, line, rule, code, message }) => {
    const where = `${terminalText(file)}:${line}`;
    return `    ${where}  ${rule === null ? '' : `${terminalText(rule, 128)}  `}${code}: ${terminalText(message, 300)}\n`;
  });
  return [`  ${name}: ${count(total, 'rule')} cannot be used\n`, ...lines].join('');
}

function skippedLines(name: string, { total, listed }: RuleFeed['skipped']): string {
  if (total === 0) return '';
  const lines = listed.map(
    ({ name: file, code, message }) => `    ${terminalText(file)}  ${code}: ${terminalText(message)}\n`,
  );
  return [`  ${name}: ${count(total, 'file')} left out\n`, ...lines].join('');
}

function stateText({ state, observeUntil }: RuleFeed): string {
  return state === 'observe' && observeUntil !== null
    ? `observe until ${observeUntil.slice(0, 10)}`
    : stateNames[state];
}

function licenceText(licence: string | null): string {
  if (licence === null) return 'not stated';
  const terms = termsOf(licence);
  return terms === null ? licence : `${licence} (${terms})`;
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}
