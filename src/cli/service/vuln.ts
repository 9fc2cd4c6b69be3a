import type { Command } from 'commander';
import type { Json, LoadApi, PlaceOptions } from './contract.ts';
import { limitOf, runApi, showList, withPlace } from './run.ts';
import { type Column, factsText, imageName, timeText } from './table.ts';

interface ListOptions extends PlaceOptions {
  readonly query?: string;
  readonly limit?: string;
}

const columns: readonly Column[] = [
  ['vulnerability', (row) => row.id],
  ['severity', (row) => row.severity],
  ['priority', (row) => row.priority],
  ['exploited', (row) => (row.kev ? 'yes' : '')],
  ['fix', (row) => (row.fixable ? 'yes' : 'no')],
  ['images', (row) => row.images],
  ['open', (row) => row.openFindings],
  ['title', (row) => row.title],
];

/** Adds `drydock vuln ls|get|affected`. */
export function registerVuln(program: Command, load: LoadApi): void {
  const vuln = program.command('vuln').description('the vulnerabilities of the estate');
  withPlace(vuln.command('ls').description('list vulnerabilities, worst first'))
    .option('-q, --query <filter>', 'filter, for example "severity:critical,high fixable:true"')
    .option('--limit <rows>', 'rows at most (default: 50)')
    .action((options: ListOptions) =>
      runApi(load, options, async (context) => {
        await showList(context, '/vulnerabilities', { q: options.query }, columns, limitOf(options.limit));
        return undefined;
      }),
    );
  withPlace(vuln.command('get').description('show one vulnerability').argument('<id>', 'CVE-… or another id')).action(
    (id: string, options: PlaceOptions) =>
      runApi(load, options, async ({ api, show }) => {
        show(await api.call('GET', `/vulnerabilities/${encodeURIComponent(id)}`), detailText);
        return undefined;
      }),
  );
  withPlace(
    vuln.command('affected').description('list the images that have it').argument('<id>', 'CVE-… or another id'),
  )
    .option('--limit <rows>', 'rows at most (default: 50)')
    .action((id: string, options: ListOptions) =>
      runApi(load, options, async (context) => {
        const path = `/vulnerabilities/${encodeURIComponent(id)}/images`;
        const affected: readonly Column[] = [
          ['image', imageName],
          ['platform', (image) => image.platform],
          ['since', (image) => timeText(image.since)],
          ['uuid', (image) => image.uuid],
        ];
        await showList(context, path, {}, affected, limitOf(options.limit));
        return undefined;
      }),
    );
}

function detailText(detail: Json): string {
  return factsText([
    ['vulnerability', detail.id],
    ['title', detail.title],
    ['also', detail.aliases.join(', ')],
    ['severity', detail.severity],
    ['score', detail.cvss === null ? null : `${detail.cvss}${detail.vector ? ` (${detail.vector})` : ''}`],
    ['EPSS', detail.epss],
    ['exploited', detail.kev ? 'yes' : 'not known'],
    ['fix', detail.fixable ? 'published' : 'none'],
    ['published', timeText(detail.published)],
    ['links', detail.links?.join(' ')],
  ]);
}
