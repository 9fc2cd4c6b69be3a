import type { Writable } from 'node:stream';
import { styleFor, terminalText, writeFixReport } from '../../exports/index.ts';
import type { Tour } from './tour.ts';

/** Tells what was done, what it proved, and where the results lie. */
export async function renderTour(tour: Tour, out: Writable, options: { readonly color: boolean }): Promise<void> {
  const style = styleFor(options.color);
  const { files, run, before, image, mirrors } = tour;
  const lines = [
    `${style.strong('Debian 11 as it was released')} ${style.dim(`(main suite of ${image.suiteDate.slice(0, 10)})`)}`,
    `  ${before.packages.length} packages, ${before.counts.cve.total} known vulnerabilities, ${before.counts.cve.fixable} with a published fix`,
    `  ${style.dim(`mirror ${terminalText(mirrors.debian)} (${mirrors.origin})`)}`,
    '',
  ];
  out.write(`${lines.join('\n')}\n`);
  await writeFixReport(run.report, 'table', out, options);
  const results = [
    ['image', `oci:${files.layout}, tags bullseye and bullseye-fixed`],
    ['before', files.before],
    ...(run.report.verification ? [['after', files.after] as const, ['SBOM', files.sbom] as const] : []),
    ['fix', files.fix],
  ];
  out.write(`\n${style.strong('Results')}\n\n`);
  for (const [name = '', path = ''] of results) out.write(`  ${style.dim(name.padEnd(7))} ${terminalText(path)}\n`);
  out.write(`\n${style.dim(`${tour.seconds.toFixed(0)} seconds, nothing of the image was executed.`)}\n`);
}
