import { createHash } from 'node:crypto';
import type { Writable } from 'node:stream';
import { isCounted, layersByDigest, packagesByPurl, type ScanReport, vulnerabilitiesIn } from '../../findings/index.ts';
import type { ExportOptions } from '../contract.ts';
import { markup } from '../markup/escape.ts';
import { selectReport } from '../select.ts';
import { bytes, count } from '../terminal/words.ts';
import { writeText } from '../write-text.ts';
import { severityChart } from './chart.ts';
import { findingsSection, uncountedSection } from './findings-section.ts';
import { diagnosticsSection, layersSection, packagesSection } from './inventory-sections.ts';
import { pageScript } from './page-script.ts';
import { pageStyle } from './page-style.ts';

/**
 * Writes one page that needs nothing else: no file, no server, no font. Its content security policy forbids every
 * resource and allows exactly the style and the script that it holds, by their hashes; texts of the image are never
 * markup and never links.
 */
export async function writeHtml(report: ScanReport, out: Writable, options: ExportOptions): Promise<void> {
  await writeText(out, page(report, options));
}

function* page(report: ScanReport, options: ExportOptions): Generator<string> {
  const shown = selectReport(report, options);
  const lookups = { packages: packagesByPurl(report), layers: layersByDigest(report) };
  yield* head(report);
  yield '<main>\n';
  yield* header(report);
  yield* banners(report);
  yield* verdict(report);
  if (shown.findings.length < report.findings.length) {
    yield `<p class="soft">Listed below: ${shown.findings.length} of ${count(report.findings.length, 'finding')}.</p>\n`;
  }
  yield* findingsSection(shown.findings, lookups);
  yield* uncountedSection(shown.findings, lookups);
  yield* layersSection(report);
  yield* packagesSection(report, lookups);
  yield* diagnosticsSection(report);
  yield* footer(report);
  yield `</main>\n<script>${pageScript}</script>\n</body>\n</html>\n`;
}

function* head({ image }: ScanReport): Generator<string> {
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const policy = [
    "default-src 'none'",
    `style-src ${hash(pageStyle)}`,
    `script-src ${hash(pageScript)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n';
  yield `<meta http-equiv="Content-Security-Policy" content="${policy}">\n`;
  yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n';
  yield `<title>Scan of ${markup(image.reference, 200)}</title>\n<style>${pageStyle}</style>\n</head>\n<body>\n`;
}

function* header({ image, packages, scan, advisories }: ScanReport): Generator<string> {
  yield `<header><p class="eyebrow">Drydock scan report</p><h1>${markup(image.reference, 300)}</h1>\n`;
  yield `<p class="soft"><code>${markup(image.digest, 140)}</code></p>\n<dl class="facts">\n`;
  const os = image.os === null ? 'none found' : (image.os.prettyName ?? `${image.os.id} ${image.os.versionId ?? ''}`);
  const layers = image.layers.length === 0 ? [] : [['Layers', `${image.layers.length}, ${bytes(image.size)}`]];
  const facts = [
    ['Operating system', os],
    ['Platform', image.platform],
    ...layers,
    ['Packages', packages.length.toLocaleString('en-US')],
    ['Scanned', timeText(scan.finishedAt)],
    ['Advisories', `${advisories.origin}, of ${advisories.createdAt.slice(0, 10)}`],
  ];
  for (const [name = '', value = ''] of facts) yield `<div><dt>${name}</dt><dd>${markup(value, 200)}</dd></div>\n`;
  yield '</dl></header>\n';
}

function timeText(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}

function* banners({ image, scan, counts, baseline }: ScanReport): Generator<string> {
  const banner = (kind: string, strong: string, text: string): string =>
    `<div class="banner${kind}"><strong>${strong}</strong>${text}</div>\n`;
  if (counts.malicious.total > 0) {
    yield banner(' bad', `${count(counts.malicious.total, 'malicious finding')}`, 'Do not run this image.');
  }
  if (scan.state === 'unsupported') {
    yield banner(
      ' bad',
      'Not supported',
      'There is no advisory source for this image. No finding does not mean no vulnerability.',
    );
  } else if (scan.state === 'partial') {
    yield banner(
      '',
      'Partial',
      'Something could not be looked at, so there may be more than what is listed. See the notes below.',
    );
  }
  if (image.os?.endOfLife != null) {
    yield banner(
      ' bad',
      `End of life since ${markup(image.os.endOfLife, 20)}`,
      'This release gets no more fixes. Move to a supported one.',
    );
  }
  if (baseline === undefined) return;
  const other = baseline.digest === image.digest ? 'of this image' : 'of another image';
  const of = `${markup(baseline.reference, 200)}, ${baseline.finishedAt.slice(0, 10)}, ${other}`;
  yield banner('', `${baseline.new} new, ${baseline.known} known`, `Compared with the baseline ${of}.`);
}

function* verdict(report: ScanReport): Generator<string> {
  const { cve, sca } = report.counts;
  const total = cve.total + sca.total;
  const fixable = cve.fixable + sca.fixable;
  const counted = vulnerabilitiesIn(report).filter(isCounted);
  yield '<section class="verdict" aria-label="Verdict"><div>\n';
  if (total === 0) {
    const clean = report.scan.state === 'complete';
    yield clean
      ? '<p class="clean">No known vulnerability</p>\n'
      : '<p><strong>No known vulnerability in what could be looked at</strong></p>\n';
  } else {
    const ids = new Set(counted.map(({ id }) => id)).size;
    const packages = new Set(counted.map((finding) => finding.package)).size;
    yield `<p class="number">${total.toLocaleString('en-US')}</p><p>${total === 1 ? 'finding' : 'findings'}: ${count(ids, 'vulnerability', 'vulnerabilities')} in ${count(packages, 'package')}</p>\n`;
    yield `<p class="${fixable === 0 ? 'soft' : 'fix'}">${fixable === 0 ? 'none has a fix yet' : `${fixable.toLocaleString('en-US')} can be fixed`}</p>\n`;
  }
  yield '</div><div>\n';
  yield* severityChart(report);
  yield '</div></section>\n';
}

function* footer({ tool, advisories, image }: ScanReport): Generator<string> {
  yield `<footer><p>Drydock ${markup(tool.version, 60)} · advisory snapshot <code>${markup(advisories.snapshot, 100)}</code> · image config <code>${markup(image.configDigest, 140)}</code></p></footer>\n`;
}
