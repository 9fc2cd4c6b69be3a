import type { Command } from 'commander';
import type { ApiClient, Json, LoadApi, PlaceOptions } from './contract.ts';
import { RemoteError } from './errors.ts';
import { limitOf, runApi, showList, withPlace } from './run.ts';
import { type Column, factsText, imageName, tableText, timeText } from './table.ts';

interface ListOptions extends PlaceOptions {
  readonly query?: string;
  readonly sort?: string;
  readonly limit?: string;
}

const columns: readonly Column[] = [
  ['image', imageName],
  ['platform', (image) => image.platform],
  ['scan', (image) => image.scan.state],
  ['critical', (image) => image.counts.cve.critical + image.counts.sca.critical],
  ['high', (image) => image.counts.cve.high + image.counts.sca.high],
  ['findings', (image) => image.counts.cve.total + image.counts.sca.total],
  ['fixable', (image) => image.counts.cve.fixable],
  ['uuid', (image) => image.uuid],
];

/** Adds `drydock image ls|get|tags|scan`. */
export function registerImage(program: Command, load: LoadApi): void {
  const image = program.command('image').description('the images of the inventory');
  withPlace(image.command('ls').description('list images, worst first'))
    .option('-q, --query <filter>', 'filter, for example "severity:critical registry.name:prod"')
    .option('--sort <order>', 'worst, repository, updated, scanned, size or id')
    .option('--limit <rows>', 'rows at most (default: 50)')
    .action((options: ListOptions) =>
      runApi(load, options, async (context) => {
        const query = { q: options.query, sort: options.sort };
        await showList(context, '/images', query, columns, limitOf(options.limit));
        return undefined;
      }),
    );
  withPlace(image.command('get').description('show one image').argument('<image>', 'uuid, digest or reference')).action(
    (name: string, options: PlaceOptions) =>
      runApi(load, options, async ({ api, show }) => {
        show(await findImage(api, name), imageText);
        return undefined;
      }),
  );
  withPlace(
    image
      .command('report')
      .description('print the scan report of an image, as `scan -o json` would give it with the data of now')
      .argument('<image>', 'uuid, digest or reference'),
  ).action((name: string, options: PlaceOptions) =>
    runApi(load, options, async ({ api, show }) => {
      const { uuid } = await findImage(api, name);
      show(await api.call('GET', `/images/${uuid}/report`), (report) => `${JSON.stringify(report, undefined, 2)}\n`);
      return undefined;
    }),
  );
  withPlace(
    image
      .command('tags')
      .description('show where the tag of an image pointed')
      .argument('<image>', 'uuid, digest or reference'),
  ).action((name: string, options: PlaceOptions) =>
    runApi(load, options, async ({ api, show }) => {
      const { uuid } = await findImage(api, name);
      show(await api.call('GET', `/images/${uuid}/tags`), ({ items }) =>
        tableText(
          [
            ['at', (event) => timeText(event.at)],
            ['tag', (event) => event.tag],
            ['digest', (event) => event.digest],
            ['by', (event) => event.actor ?? event.source],
          ],
          items,
        ),
      );
      return undefined;
    }),
  );
  withPlace(
    image.command('scan').description('scan images again').argument('<image...>', 'uuids, digests or references'),
  ).action((names: readonly string[], options: PlaceOptions) =>
    runApi(load, options, async ({ api, show }) => {
      const uuids: string[] = [];
      for (const name of names) uuids.push((await findImage(api, name)).uuid);
      const task = await api.call('POST', '/scans', { body: { uuids, force: true } });
      await api.settle();
      show(
        await api.call('GET', `/scans/${task.id}`),
        (now) => `scan task ${now.id}: ${now.state}, ${now.finished} of ${now.total} images\n`,
      );
      return undefined;
    }),
  );
}

/** One image by uuid, digest or reference. @throws RemoteError 404, also when a name fits several images */
export async function findImage(api: ApiClient, name: string): Promise<Json> {
  if (/^[0-9a-f]{32}$/.test(name)) return api.call('GET', `/images/${name}`);
  const field = /^(sha256:)?[0-9a-f]{64}$/.test(name) ? 'image.digest' : 'image.reference';
  const { items, total } = await api.call('GET', '/images', {
    query: { q: `${field}:${JSON.stringify(name)}`, limit: 2 },
  });
  if (items.length === 1) return items[0];
  const hint = 'drydock image ls shows what there is; use the uuid.';
  throw new RemoteError(404, items.length === 0 ? `no image is called ${name}` : `${total} images are called ${name}`, {
    hint,
  });
}

function imageText(image: Json): string {
  const { counts, scan } = image;
  const numbers = (kind: Json): string =>
    `${kind.total} (${kind.critical} critical, ${kind.high} high, ${kind.medium} medium, ${kind.low} low, ${kind.unknown} unknown), ${kind.fixable} can be fixed`;
  return factsText([
    ['image', imageName(image)],
    ['uuid', image.uuid],
    ['digest', image.digest],
    ['platform', image.platform],
    ['system', image.os?.name ?? image.os?.id],
    ['since', timeText(image.since)],
    ['until', timeText(image.until)],
    ['scan', scan.reason === null ? scan.state : `${scan.state}: ${scan.reason.message}`],
    ['scanned', timeText(scan.finishedAt)],
    ['OS packages', numbers(counts.cve)],
    ['applications', numbers(counts.sca)],
    ['exploited', counts.kev],
    ['fixed from', image.fixedFrom],
  ]);
}
