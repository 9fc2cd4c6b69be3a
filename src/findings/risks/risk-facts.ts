import { createHash } from 'node:crypto';
import { isCounted } from '../counts.ts';
import type { Finding } from '../report.ts';
import type { BaselineFinding, MaliciousFinding, RiskFinding, SensitiveFinding } from '../risk-findings.ts';
import { type RiskKind, riskLevels } from './kinds.ts';

/** One finding of a detector as it is stored: once, however many images have exactly this one. */
export interface RiskFacts {
  readonly kind: RiskKind;
  /** Position among the levels of the kind. */
  readonly level: number;
  /** False where it is only listed. */
  readonly counted: boolean;
  /** What it is inside of an image: the same after a rescan that sees more of it. */
  readonly key: string;
  readonly path: string | null;
  /** Hex. */
  readonly md5: string | null;
  readonly sha256: string | null;
  /** Digest of the layer; null where several are meant, or none. */
  readonly layer: string | null;
  /** JSON of what every finding of its rule says, see RiskHead. */
  readonly head: string;
  /** JSON of the rest. */
  readonly body: string;
}

const baselineHead = ['kind', 'id', 'axis', 'class', 'name', 'item', 'title', 'description', 'advice'] as const;
const maliciousHead = ['kind', 'id', 'key', 'title', 'family', 'engine', 'rule', 'ruleNumber'] as const;
const sensitiveHead = ['kind', 'id', 'class', 'title', 'description', 'advice'] as const;

/** What all findings of one rule share. */
export type RiskHead =
  | Pick<BaselineFinding, (typeof baselineHead)[number]>
  | Pick<MaliciousFinding, (typeof maliciousHead)[number]>
  | Pick<SensitiveFinding, (typeof sensitiveHead)[number]>;

const heads = { baseline: baselineHead, malicious: maliciousHead, sensitive: sensitiveHead } as const;

/** The findings of a report that are not vulnerabilities, in its order. */
export function risksIn(findings: readonly Finding[]): readonly RiskFinding[] {
  return findings.filter(({ kind }) => Object.hasOwn(heads, kind)) as readonly RiskFinding[];
}

/** The kind under which a finding is counted and decided upon. */
export function kindOfRisk(
  finding: Pick<BaselineFinding, 'kind' | 'axis'> | { kind: 'malicious' | 'sensitive' },
): RiskKind {
  return finding.kind === 'baseline' ? finding.axis : finding.kind;
}

/** Takes a finding apart. What decisions say of it is no part of it. */
export function riskFacts(finding: RiskFinding): RiskFacts {
  const kind = kindOfRisk(finding);
  const { ignored: _ignored, known: _known, ...own } = finding;
  const shared = new Set<string>(heads[finding.kind]);
  const part = (inHead: boolean): string =>
    JSON.stringify(Object.fromEntries(Object.entries(own).filter(([name]) => shared.has(name) === inHead)));
  const file = finding.kind === 'baseline' ? null : finding;
  return {
    kind,
    level: Math.max(0, riskLevels(kind).indexOf(finding.level)),
    counted: isCounted({ ...finding, ignored: null }),
    key: keyOf(finding),
    path: file?.path ?? null,
    md5: hexOrNull(file?.md5, 32),
    sha256: finding.kind === 'malicious' ? hexOrNull(finding.sha256, 64) : null,
    layer: file?.layer ?? null,
    head: part(true),
    body: part(false),
  };
}

/** Puts a finding together again. */
export function riskFinding(head: string, body: string): RiskFinding {
  return { ...JSON.parse(head), ...JSON.parse(body), ignored: null } as RiskFinding;
}

/** Key under which a finding is interned: equal exactly when everything of two is. */
export function riskHash({ kind, level, counted, head, body }: RiskFacts): Uint8Array {
  const text = JSON.stringify([kind, level, counted, head, body]);
  return createHash('sha256').update(text).digest().subarray(0, 16);
}

/** Grains of risks.md §1: a check; a path with its content, or a package; a rule in a file of a layer. */
function keyOf(finding: RiskFinding): string {
  switch (finding.kind) {
    case 'baseline':
      return JSON.stringify(['check', finding.id]);
    case 'malicious':
      return finding.package === null
        ? JSON.stringify(['file', finding.path, finding.member, finding.md5])
        : JSON.stringify(['package', finding.package, finding.rule]);
    default:
      return JSON.stringify(['secret', finding.id, finding.path, finding.layer]);
  }
}

function hexOrNull(text: string | null | undefined, length: number): string | null {
  return text != null && text.length === length && /^[0-9a-f]+$/.test(text) ? text : null;
}
