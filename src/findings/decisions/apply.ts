import type { Diagnostic } from '../../kernel/index.ts';
import { countFindings } from '../counts.ts';
import { groupBy, packagesByPurl } from '../documents/packages.ts';
import type { Finding, Ignored, ReportPackage, ScanReport, VulnerabilityFinding } from '../report.ts';
import type { IgnoreRule, ReportDecisions, VexAssertion, VexDocument } from './contract.ts';
import { matchesPath } from './path-pattern.ts';
import { meansPackage, ProductMatcher } from './product.ts';

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
    if (finding.kind === 'malicious' || finding.ignored !== null) return finding;
    const ignored = statements.verdict(finding) ?? rules.verdict(finding);
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

/** The rules of all ignore files by vulnerability. */
class RuleBook {
  readonly #byId: ReadonlyMap<string, readonly { readonly id: string; readonly rule: IgnoreRule }[]>;
  readonly #any: readonly IgnoreRule[];
  readonly #packages: ReadonlyMap<string, ReportPackage>;
  readonly #today: string;
  readonly #expired = new Set<IgnoreRule>();

  constructor(rules: readonly IgnoreRule[], report: ScanReport, today: string) {
    this.#packages = packagesByPurl(report);
    this.#today = today;
    this.#any = rules.filter(({ ids }) => ids.length === 0);
    this.#byId = groupBy(
      rules.flatMap((rule) => rule.ids.map((id) => ({ id, rule }))),
      ({ id }) => id.toUpperCase(),
    );
  }

  verdict(finding: VulnerabilityFinding): Ignored | null {
    const named = [finding.id, ...finding.aliases].flatMap((id) => this.#byId.get(id.toUpperCase()) ?? []);
    for (const rule of [...named.map((entry) => entry.rule), ...this.#any]) {
      if (!this.#covers(rule, finding)) continue;
      if (rule.until !== null && rule.until < this.#today) this.#expired.add(rule);
      else return { reason: rule.reason, by: rule.by, until: rule.until === null ? null : `${rule.until}T23:59:59Z` };
    }
    return null;
  }

  #covers(rule: IgnoreRule, finding: VulnerabilityFinding): boolean {
    if (rule.untilFixable && finding.state === 'fixed') return false;
    const pkg = this.#packages.get(finding.package);
    if (rule.packages.length > 0) {
      const names = pkg === undefined ? [] : [pkg.name, ...(pkg.source === null ? [] : [pkg.source.name])];
      if (!rule.packages.some((wanted) => meansPackage(wanted, { purl: finding.package, names }))) return false;
    }
    if (rule.paths.length === 0) return true;
    const places = pkg?.locations.map(({ path }) => path) ?? [finding.path];
    // Every place has to be meant: what is also elsewhere is still there.
    return places.every((path) => rule.paths.some((pattern) => matchesPath(pattern, path)));
  }

  /** Rules that would have applied but have run out. */
  expired(): Diagnostic[] {
    return [...this.#expired].map((rule) => ({
      code: 'ignore_expired',
      message: `The rule on ${rule.ids.join(', ') || 'all vulnerabilities'} of ${rule.by} ended on ${rule.until}: its findings count again.`,
    }));
  }
}
