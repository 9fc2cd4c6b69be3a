import {
  bySeverity,
  type Finding,
  isCounted,
  type LayerFacts,
  levelOfFinding,
  levelsWorstFirst,
  type ReportPackage,
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
  if (finding.kind === 'malicious') yield '<td>remove it</td><td data-key="-1"></td>';
  else yield `${fixCell(finding)}${chanceCell(finding)}`;
  yield `${placeCell(finding, lookups)}</tr>\n`;
}

function levelCell(finding: Finding): string {
  const level = levelOfFinding(finding);
  const malicious = finding.kind === 'malicious';
  const rank = malicious ? -1 : levelsWorstFirst.indexOf(level);
  const vendor =
    malicious || finding.severity.source === null ? '' : `<small>${markup(finding.severity.source, 24)}</small>`;
  return `<td class="whole" data-key="${rank}"><span class="level ${level}">${malicious ? 'malicious' : level}</span>${vendor}</td>`;
}

function nameCell(finding: Finding): string {
  const name = finding.kind === 'malicious' ? finding.rule : finding.id;
  const known = finding.known === true ? ' <span class="tag">known</span>' : '';
  const hot = finding.kind !== 'malicious' && finding.kev ? ' <span class="tag hot">known exploited</span>' : '';
  const title = finding.title === null ? '' : `<small>${markup(finding.title, 300)}</small>`;
  return `<td class="wide"><strong>${markup(name, 100)}</strong>${hot}${known}${title}</td>`;
}

function packageCell(finding: Finding, { packages }: Lookups): string {
  if (finding.package === null) return `<td><code>${markup(finding.path, 300)}</code></td>`;
  const pkg = packages.get(finding.package);
  const version = finding.kind === 'malicious' ? (pkg?.version ?? '') : finding.installedVersion;
  const scope = pkg === undefined || pkg.scope === 'installed' ? '' : ` <span class="tag">${pkg.scope}</span>`;
  const type = pkg === undefined ? '' : `${markup(pkg.type, 40)} · `;
  return `<td class="package">${markup(pkg?.name ?? finding.package, 200)}${scope}<small>${type}${markup(version, 120)}</small></td>`;
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
  const layer = layers.get(finding.layer);
  const base = layer?.base === true ? ' <span class="tag">base image</span>' : '';
  const number = layer === undefined ? '' : `layer ${layer.number}`;
  return `<td data-key="${layer?.number ?? 0}">${number}${base}<small class="mono">${markup(finding.path, 200)}</small></td>`;
}

function why({ ignored, ...finding }: Finding): string {
  if (ignored === null) return finding.kind === 'malicious' ? '' : 'rated unimportant by the distribution';
  const { reason, by, until, vex } = ignored;
  const said = vex === undefined ? '' : ` · ${vex.status}${vex.justification === null ? '' : `, ${vex.justification}`}`;
  const term = until === null ? '' : ` · until ${until.slice(0, 10)}`;
  return `${markup(reason, 300)}<small>${markup(`${by}${said}${term}`, 300)}</small>`;
}
