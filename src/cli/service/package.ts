import type { Command } from 'commander';
import type { LoadApi, PlaceOptions } from './contract.ts';
import { limitOf, runApi, showList, withPlace } from './run.ts';
import { type Column, imageName, timeText } from './table.ts';

interface ListOptions extends PlaceOptions {
  readonly limit?: string;
}

const columns: readonly Column[] = [
  ['package', (row) => row.name],
  ['version', (row) => row.version],
  ['type', (row) => row.type],
  ['images', (row) => row.images],
  ['findings', (row) => row.findings],
  ['purl', (row) => row.purl],
];

/** Adds `drydock package ls|affected`. */
export function registerPackage(program: Command, load: LoadApi): void {
  const group = program.command('package').description('the packages of the estate');
  withPlace(group.command('ls').description('list packages').argument('[name]', 'part of the name'))
    .option('--limit <rows>', 'rows at most (default: 50)')
    .action((name: string | undefined, options: ListOptions) =>
      runApi(load, options, async (context) => {
        await showList(context, '/packages', { name }, columns, limitOf(options.limit));
        return undefined;
      }),
    );
  withPlace(
    group
      .command('affected')
      .description('list the images that contain a package')
      .argument('<name[@version]>', 'package'),
  )
    .option('--limit <rows>', 'rows at most (default: 50)')
    .action((text: string, options: ListOptions) =>
      runApi(load, options, async (context) => {
        // A scoped npm name begins with the same sign that stands before a version.
        const at = text.indexOf('@', 1);
        const [name, version] = at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
        const rows: readonly Column[] = [
          ['image', imageName],
          ['since', (image) => timeText(image.since)],
          ['uuid', (image) => image.uuid],
        ];
        await showList(context, '/packages/images', { name, version }, rows, limitOf(options.limit));
        return undefined;
      }),
    );
}
