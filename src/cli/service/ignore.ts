import { basename } from 'node:path';
import type { Command } from 'commander';
import { terminalText } from '../../exports/index.ts';
import { UsageError } from '../output/errors.ts';
import type { Json, LoadApi, PlaceOptions } from './contract.ts';
import { type KindOptions, kindOf, mayNameNothing, namedIn } from './ignored-kinds.ts';
import { findImage } from './image.ts';
import { limitOf, runApi, showList, withPlace } from './run.ts';
import { type Column, tableText, timeText } from './table.ts';

interface AddOptions extends PlaceOptions, KindOptions {
  readonly reason: string;
  readonly until?: string;
  readonly untilFixable?: boolean;
  readonly repository?: readonly string[];
  readonly image?: readonly string[];
  readonly package?: readonly string[];
  readonly dryRun?: boolean;
}

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

const columns: readonly Column[] = [
  ['id', (row) => row.id],
  ['kind', (row) => row.kind],
  ['what', (row) => row.vulnerabilities.join(' ') || 'all'],
  ['scope', (row) => scopeText(row.scope)],
  ['until', (row) => timeText(row.expiresAt) ?? (row.expiresWhen === 'any_fix' ? 'a fix is published' : 'for good')],
  ['by', (row) => row.author],
  ['reason', (row) => row.reason],
];

/** Adds `drydock ignore add|ls|rm`. */
export function registerIgnore(program: Command, load: LoadApi): void {
  const ignore = program.command('ignore').description('findings that somebody accepted, with reason and end');
  withPlace(
    ignore
      .command('add')
      .description('accept vulnerabilities or other findings')
      .argument('[id...]', 'CVE-…; items or ids of checks, rules of secrets, hashes or rules of malicious files'),
  )
    .option('--baseline', 'the ids are checks of the baseline')
    .option('--instruction', 'the ids are checks of build instructions')
    .option('--malicious', 'the ids are MD5, SHA-256 or rules of malicious files')
    .option('--sensitive', 'the ids are rules of sensitive files')
    .option('--false-positive', 'the finding is wrong, and not only accepted')
    .requiredOption('--reason <text>', 'why')
    .option('--until <date>', 'YYYY-MM-DD; the decision ends then')
    .option('--until-fixable', 'the decision ends as soon as a fix is published')
    .option('--repository <path>', 'only in this repository, repeatable', collect)
    .option('--image <image>', 'only in this image (uuid, digest or reference), repeatable', collect)
    .option('--package <name>', 'only for this package, repeatable', collect)
    .option('--dry-run', 'say how many findings it would cover; store nothing')
    .action((ids: readonly string[], options: AddOptions) =>
      runApi(load, options, async ({ api, show }) => {
        const uuids: string[] = [];
        for (const name of options.image ?? []) uuids.push((await findImage(api, name)).uuid);
        const kind = kindOf(options);
        const narrowed = (options.image ?? options.repository) !== undefined;
        if (ids.length === 0 && !mayNameNothing(kind, narrowed)) throw new UsageError('no id', 'Say what is accepted.');
        const body = {
          ...(kind !== 'ignore' && { verdict: options.falsePositive === true ? 'false_positive' : 'whitelisted' }),
          ...{
            kind,
            vulnerabilities: namedIn(kind, ids),
            findingKind: null,
            reason: options.reason,
            title: null,
          },
          expiresAt: options.until === undefined ? null : dateOf(options.until),
          expiresWhen: options.untilFixable === true ? 'any_fix' : 'none',
          scope: scopeOf(options, uuids),
        };
        if (options.dryRun === true) {
          const preview = await api.call('POST', '/decisions/preview', { body });
          show(
            preview,
            ({ findings, images }) => `Would cover ${findings} findings in ${images} images; nothing was stored.\n`,
          );
          return undefined;
        }
        show(await api.call('POST', '/decisions', { body }), (rule) => tableText(columns, [rule]));
        return undefined;
      }),
    );
  withPlace(
    ignore
      .command('import')
      .description('take over VEX documents (OpenVEX, CSAF, CycloneDX) and ignore files (.trivyignore too)')
      .argument('<file...>', 'a newer version of a document replaces what it said before'),
  )
    .option('--until <date>', 'YYYY-MM-DD; decisions that have no end of their own end then')
    .action((files: readonly string[], options: PlaceOptions & { until?: string }) =>
      runApi(load, options, async ({ api, deps, show }) => {
        const expiresAt = options.until === undefined ? null : dateOf(options.until);
        const imported: Json[] = [];
        for (const file of files) {
          const body = { name: basename(file), content: await deps.readText(file), expiresAt };
          imported.push(await api.call('POST', '/decisions/import', { body }));
        }
        show(imported, (documents: Json[]) => documents.map(importText).join(''));
        return undefined;
      }),
    );
  withPlace(ignore.command('ls').description('list decisions'))
    .option('--limit <rows>', 'rows at most (default: 50)')
    .action((options: PlaceOptions & { limit?: string }) =>
      runApi(load, options, async (context) => {
        await showList(context, '/decisions', {}, columns, limitOf(options.limit));
        return undefined;
      }),
    );
  withPlace(
    ignore.command('rm').description('withdraw decisions').argument('<id...>', 'numbers of `ignore ls`'),
  ).action((ids: readonly string[], options: PlaceOptions) =>
    runApi(load, options, async ({ api, show }) => {
      for (const id of ids) await api.call('DELETE', `/decisions/${encodeURIComponent(id)}`);
      show({ revoked: ids }, () => `Withdrawn: ${ids.join(', ')}.\n`);
      return undefined;
    }),
  );
}

function importText({ document, added, revoked, skipped }: Json): string {
  const lines = [`${document}: ${added} decisions in force, ${revoked} of an earlier version withdrawn`];
  return `${[...lines, ...skipped.map((why: string) => `  not in force: ${why}`)].map((line) => terminalText(line)).join('\n')}\n`;
}

function scopeOf(options: AddOptions, uuids: readonly string[]): Json {
  const given = [options.repository, options.image, options.package].filter((list) => list !== undefined).length;
  if (given > 1) throw new UsageError('several kinds of scope', 'Use one of --repository, --image and --package.');
  if (options.repository) return { kind: 'repositories', paths: options.repository };
  if (options.image) return { kind: 'images', uuids };
  return options.package ? { kind: 'packages', names: options.package } : { kind: 'global' };
}

function scopeText(scope: Json): string {
  if (scope.kind === 'products') return [scope.digest, ...scope.purls].filter(Boolean).join(' ');
  const values = scope.paths ?? scope.uuids ?? scope.names ?? scope.ids ?? scope.kinds ?? [];
  return scope.kind === 'global' ? 'everywhere' : `${scope.kind} ${values.join(' ')}`;
}

function dateOf(text: string): string {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time)) throw new UsageError(`--until ${text} is not a date`, 'Write it as YYYY-MM-DD.');
  return new Date(time).toISOString();
}
