import {
  bySeverity,
  type Finding,
  isCounted,
  isVulnerability,
  type LayerFacts,
  levelOfFinding,
  levelsWorstFirst,
  nameOfFinding,
  packageOfFinding,
  placeOfFinding,
  type ReportPackage,
  riskAdvice,
  riskWord,
  uncountedWords,
  type VulnerabilityFinding,
} from '../../findings/index.ts';
import { markup } from '../markup/escape.ts';
import { count } from '../terminal/words.ts';

/** What rows are looked up in. */
export interface Lookups {
  readonly packages: ReadonlyMap<string, ReportPackage>;
  readonly layers: ReadonlyMap<string, LayerFacts>;
}

const stateWords: Readonly<Record<string, string>> = {
  fixed: 'fix published',
  unfixed: 'no fix yet',
  will_not_fix: "won't fix",
  end_of_life: 'end of life',
  unimportant: 'unimportant',
};

/** The findings that count, most severe first. */
export function* findingsSection(findings: readonly Finding[], lookups: Lookups): Generator<string> {
  const counted = findings.filter(isCounted).toSorted(bySeverity);
  if (counted.length === 0) return;
  const malicious = counted.filter(({ kind }) => kind === 'malicious').length;
  const also = malicious === 0 ? '' : ` and ${malicious} malicious`;
  yield `<section aria-labelledby="findings"><h2 id="findings">${count(counted.length - malicious, 'finding')}${also}</h2>\n`;
  yield* table(['Severity', 'What', 'Package', 'Fix', 'Chance of exploitation', 'Where']);
  for (const finding of counted) yield* findingRow(finding, lookups);
  yield '</tbody></table></div></section>\n';
}

/** What is listed and does not count, with the reason of each. */
export function* uncountedSection(findings: readonly Finding[], lookups: Lookups): Generator<string> {
  const others = findings.filter((finding) => !isCounted(finding)).toSorted(bySeverity);
  if (others.length === 0) return;
  yield `<section><h2>Not counted</h2><details><summary>${count(others.length, 'finding')} ignored or rated unimportant</summary>\n`;
  yield* table(['Severity', 'What', 'Package', 'Why']);
  for (const finding of others) {
    yield `<tr>${levelCell(finding)}${nameCell(finding)}${packageCell(finding, lookups)}<td class="wide">${why(finding)}</td></tr>\n`;
  }
  yield '</tbody></table></div></details></section>\n';
}

/** Begins a table that the script makes sortable. */
export function* table(heads: readonly string[], numbers: readonly string[] = []): Generator<string> {
  const cells = heads.map((head) => `<th scope="col"${numbers.includes(head) ? ' class="number"' : ''}>${head}</th>`);
  yield `<div class="scroll"><table class="sortable"><thead><tr>${cells.join('')}</tr></thead><tbody>\n`;
}

function* findingRow(finding: Finding, lookups: Lookups): Generator<string> {
  yield `<tr>${levelCell(finding)}${nameCell(finding)}${packageCell(finding, lookups)}`;
  if (isVulnerability(finding)) yield `${fixCell(finding)}${chanceCell(finding)}`;
  else yield `<td class="wide">${markup(riskAdvice(finding), 300)}</td><td data-key="-1"></td>`;
  yield `${placeCell(finding, lookups)}</tr>\n`;
}

function levelCell(finding: Finding): string {
  const level = levelOfFinding(finding);
  const malicious = finding.kind === 'malicious';
  const rank = malicious ? -1 : levelsWorstFirst.indexOf(level);
  const source = isVulnerability(finding) ? finding.severity.source : malicious ? null : (riskWord(finding) ?? null);
  const vendor = source === null ? '' : `<small>${markup(source, 24)}</small>`;
  return `<td class="whole" data-key="${rank}"><span class="level ${level}">${malicious ? 'malicious' : level}</span>${vendor}</td>`;
}

function nameCell(finding: Finding): string {
  const name = nameOfFinding(finding);
  const known = finding.known === true ? ' <span class="tag">known</span>' : '';
  const hot = isVulnerability(finding) && finding.kev ? ' <span class="tag hot">known exploited</span>' : '';
  const title = finding.title === null ? '' : `<small>${markup(finding.title, 300)}</small>`;
  return `<td class="wide"><strong>${markup(name, 100)}</strong>${hot}${known}${title}</td>`;
}

function packageCell(finding: Finding, { packages }: Lookups): string {
  const purl = packageOfFinding(finding);
  if (purl === null) return `<td><code>${markup(evidenceText(finding), 400)}</code></td>`;
  const pkg = packages.get(purl);
  const version = isVulnerability(finding) ? finding.installedVersion : (pkg?.version ?? '');
  const scope = pkg === undefined || pkg.scope === 'installed' ? '' : ` <span class="tag">${pkg.scope}</span>`;
  const type = pkg === undefined ? '' : `${markup(pkg.type, 40)} · `;
  return `<td class="package">${markup(pkg?.name ?? purl, 200)}${scope}<small>${type}${markup(version, 120)}</small></td>`;
}

/** The file with its line, and what was seen there, masked. */
function evidenceText(finding: Finding): string {
  const { path, line } = placeOfFinding(finding);
  const excerpt =
    finding.kind === 'baseline' ? finding.evidence[0]?.excerpt : 'excerpt' in finding ? finding.excerpt : null;
  return `${path}${line === null ? '' : `:${line}`}${excerpt ? ` ${excerpt}` : ''}`;
}

function fixCell({ state, fixedVersion }: VulnerabilityFinding): string {
  const words = stateWords[state] ?? markup(state, 40);
  if (state !== 'fixed') return `<td class="soft">${words}</td>`;
  return `<td class="fix">${fixedVersion === null ? words : markup(fixedVersion, 120)}</td>`;
}

function chanceCell({ epss, priorityReason }: VulnerabilityFinding): string {
  const chance = epss === null ? '–' : `${(epss.score * 100).toFixed(1)} %`;
  return `<td data-key="${epss?.score ?? -1}">${chance}<small>${markup(priorityReason, 120)}</small></td>`;
}

function placeCell(finding: Finding, { layers }: Lookups): string {
  const place = placeOfFinding(finding);
  const layer = layers.get(place.layer);
  const base = layer?.base === true ? ' <span class="tag">base image</span>' : '';
  const number = layer === undefined ? '' : `layer ${layer.number}`;
  return `<td data-key="${layer?.number ?? 0}">${number}${base}<small class="mono">${markup(place.path, 200)}</small></td>`;
}

function why(finding: Finding): string {
  const { ignored } = finding;
  if (ignored === null) return uncountedWords(finding);
  const { reason, by, until, vex } = ignored;
  const said = vex === undefined ? '' : ` · ${vex.status}${vex.justification === null ? '' : `, ${vex.justification}`}`;
  const term = until === null ? '' : ` · until ${until.slice(0, 10)}`;
  return `${markup(reason, 300)}<small>${markup(`${by}${said}${term}`, 300)}</small>`;
}
