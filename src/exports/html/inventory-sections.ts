import { groupBy, isCounted, placeOfFinding, type ScanReport } from '../../findings/index.ts';
import { markup } from '../markup/escape.ts';
import { bytes, count } from '../terminal/words.ts';
import { type Lookups, table } from './findings-section.ts';

/** Layers from the bottom up, with what each brought. */
export function* layersSection(report: ScanReport): Generator<string> {
  if (report.image.layers.length === 0) return;
  const found = groupBy(report.findings.filter(isCounted), (finding) => placeOfFinding(finding).layer);
  yield '<section aria-labelledby="layers"><h2 id="layers">Layers</h2>\n';
  yield* table(['#', 'Instruction', 'Size', 'Findings'], ['Size', 'Findings']);
  for (const [at, layer] of report.image.layers.entries()) {
    const base = layer.base === true ? ' <span class="tag">base image</span>' : '';
    const instruction =
      layer.createdBy === null ? '<span class="soft">not known</span>' : `<code>${markup(layer.createdBy, 300)}</code>`;
    const n = found.get(layer.digest)?.length ?? 0;
    yield `<tr><td data-key="${at}">${at + 1}</td><td class="wide">${instruction}${base}<small class="mono">${markup(layer.digest, 80)}</small></td>`;
    yield `<td class="number whole" data-key="${layer.size}">${bytes(layer.size)}</td><td class="number" data-key="${n}">${n}</td></tr>\n`;
  }
  yield '</tbody></table></div></section>\n';
}

/** Every package, folded away: lists of thousands are for searching, not for reading. */
export function* packagesSection(report: ScanReport, { layers }: Lookups): Generator<string> {
  if (report.packages.length === 0) return;
  const owned = report.packages.filter(({ ownedBy }) => ownedBy !== null).length;
  const note = owned === 0 ? '' : `, ${owned} of them part of operating-system packages`;
  yield `<section><h2>Packages</h2><details><summary>${count(report.packages.length, 'package')}${note}</summary>\n`;
  yield* table(['Name', 'Version', 'Type', 'Scope', 'Where']);
  for (const pkg of report.packages) {
    const marks = [
      ...(pkg.guessed ? ['name is a guess'] : []),
      ...(pkg.confidence === 'high' ? [] : [`${pkg.confidence} confidence`]),
      ...(pkg.ownedBy === null ? [] : [`part of ${pkg.ownedBy}`]),
    ];
    const place = pkg.locations[0];
    const layer = layers.get(place?.layer ?? '');
    const base = layer?.base === true ? ' <span class="tag">base image</span>' : '';
    const small = marks.length === 0 ? '' : `<small>${markup(marks.join(', '), 300)}</small>`;
    yield `<tr><td>${markup(pkg.name, 200)}${small}</td><td>${markup(pkg.version, 120)}</td><td>${markup(pkg.type, 40)}</td><td>${pkg.scope}</td>`;
    yield `<td data-key="${layer?.number ?? 0}">${layer === undefined ? '' : `layer ${layer.number}`}${base}<small class="mono">${markup(place?.path ?? '', 200)}</small></td></tr>\n`;
  }
  yield '</tbody></table></div></details></section>\n';
}

/** What was noticed while scanning; what may have hidden something is marked. */
export function* diagnosticsSection({ diagnostics }: ScanReport): Generator<string> {
  if (diagnostics.length === 0) return;
  yield `<section><h2>Notes on the scan</h2><details><summary>${count(diagnostics.length, 'note')}</summary>\n`;
  yield '<div class="scroll"><table><thead><tr><th>Code</th><th>Message</th></tr></thead><tbody>\n';
  for (const { code, message, path, partial } of diagnostics) {
    const mark = partial === true ? ' <span class="tag hot">left something out</span>' : '';
    const where = path === undefined ? '' : `<small class="mono">${markup(path, 300)}</small>`;
    yield `<tr><td class="whole">${markup(code, 60)}</td><td>${markup(message, 500)}${mark}${where}</td></tr>\n`;
  }
  yield '</tbody></table></div></details></section>\n';
}
