import { countFindings } from '../counts.ts';
import { groupBy } from '../documents/packages.ts';
import type { Ignored } from '../ignored.ts';
import { type Finding, isVulnerability, type ScanReport, type VulnerabilityFinding } from '../report.ts';
import type { ReportDecisions, VexAssertion, VexDocument } from './contract.ts';
import { ProductMatcher } from './product.ts';
import { RuleBook } from './rule-book.ts';

/**
 * The report with its findings handled as the decisions say: VEX statements first, because they speak about the thing
 * itself, then ignore rules. Handled findings stay listed and do not count. What is handled already stays so.
 * @param now decides which rules have run out.
 */
export function applyDecisions(report: ScanReport, decisions: ReportDecisions, now: Date): ScanReport {
  const { vex, ignore } = decisions;
  if (vex.length === 0 && ignore.length === 0) return report;
  const statements = new StatementBook(vex, report);
  const rules = new RuleBook(
    ignore.flatMap((file) => file.rules),
    report,
    now.toISOString().slice(0, 10),
  );
  const findings = report.findings.map((finding): Finding => {
    if (finding.ignored !== null) return finding;
    const ignored = (isVulnerability(finding) ? statements.verdict(finding) : null) ?? rules.verdict(finding);
    return ignored === null ? finding : { ...finding, ignored };
  });
  const told = [...vex, ...ignore].flatMap((source) => source.diagnostics);
  const diagnostics = [...report.diagnostics, ...told, ...rules.expired()];
  return { ...report, findings, counts: countFindings(findings), diagnostics };
}

type Candidate = { readonly id: string; readonly statement: VexAssertion; readonly document: VexDocument };

/** The statements of all documents by vulnerability. */
class StatementBook {
  readonly #byId: ReadonlyMap<string, readonly Candidate[]>;
  readonly #products: ProductMatcher;

  constructor(documents: readonly VexDocument[], report: ScanReport) {
    this.#products = new ProductMatcher(report);
    const all = documents.flatMap((document) =>
      document.statements.flatMap((statement) => statement.vulnerabilities.map((id) => ({ id, statement, document }))),
    );
    this.#byId = groupBy(all, ({ id }) => id.toUpperCase());
  }

  /** The closest statement decides, of equally close ones the latest; `affected` takes back what others say. */
  verdict(finding: VulnerabilityFinding): Ignored | null {
    let best: (Candidate & { readonly rank: number }) | undefined;
    for (const id of [finding.id, ...finding.aliases]) {
      for (const candidate of this.#byId.get(id.toUpperCase()) ?? []) {
        const { products, timestamp } = candidate.statement;
        const rank = Math.max(0, ...closeness(products, finding.package, this.#products));
        if (rank === 0 || (best !== undefined && rank < best.rank)) continue;
        if (best !== undefined && rank === best.rank && timestamp < best.statement.timestamp) continue;
        best = { ...candidate, rank };
      }
    }
    return best === undefined ? null : ignoredBy(best);
  }
}

function* closeness(
  products: VexAssertion['products'],
  purl: string,
  matcher: ProductMatcher,
): Generator<number, void, undefined> {
  for (const product of products) {
    const rank = matcher.closeness(product, purl);
    if (rank > 0) yield rank;
  }
}

function ignoredBy({ statement, document }: Candidate): Ignored | null {
  const { status, justification, text } = statement;
  if (status === 'affected') return null;
  const reason = text ?? (justification === null ? status : justification).replaceAll('_', ' ');
  return { reason, by: document.author, until: null, vex: { status, justification, document: document.id } };
}
