import type { FixState } from '../../advisories/index.ts';
import { meansPackage } from '../decisions/product.ts';
import type { EstateRule } from '../query/ports.ts';
import { riskKinds } from '../risks/kinds.ts';

/** What decisions look at of an image. */
export interface DecidedImage {
  readonly uuid: string;
  /** Of the platform manifest, and of the index that lists it. */
  readonly digests: readonly string[];
  readonly projectId: number;
  readonly registryId: number;
  readonly registryKind: string;
  /** `namespace/name`. */
  readonly repositoryPath: string;
}

/** What decisions look at of a finding. */
export interface DecidedFinding {
  readonly kind: 'cve' | 'sca';
  readonly id: string;
  readonly aliases: readonly string[];
  /** See vulnerability-key.ts. */
  readonly key: string;
  readonly packageName: string;
  readonly purl: string;
  readonly state: FixState;
}

/** Answers which decision handles a finding of one image: of several the oldest. */
export type ImageDecider = (finding: DecidedFinding) => EstateRule | null;

/** Whether a decision is in force at a time; one that has run out ends without anybody doing anything. */
export function isInForce(rule: Pick<EstateRule, 'expiresAt'>, now: number): boolean {
  return rule.expiresAt === null || rule.expiresAt > now;
}

/** Whether a decision is about vulnerabilities; the others are those of `risks/decide.ts`. */
export function decidesOnVulnerabilities({ kind }: Pick<EstateRule, 'kind'>): boolean {
  return !(riskKinds as readonly string[]).includes(kind);
}

/** Whether a decision reaches an image at all. A decision of a project reaches nothing outside of it. */
export function reaches(rule: Pick<EstateRule, 'projectId' | 'scope'>, image: DecidedImage): boolean {
  if (rule.projectId !== null && rule.projectId !== image.projectId) return false;
  const { scope } = rule;
  switch (scope.kind) {
    case 'repositories':
      return scope.paths.includes(image.repositoryPath);
    case 'registries':
      return scope.ids.includes(image.registryId);
    case 'registryKinds':
      return scope.kinds.includes(image.registryKind);
    case 'images':
      return scope.uuids.includes(image.uuid);
    case 'products':
      return scope.digest === null || image.digests.includes(scope.digest);
    default:
      return true;
  }
}

/**
 * Whether a decision covers a finding of an image that it reaches. A decision until a fix is published does not cover
 * what has a fix.
 */
export function covers(
  rule: Pick<EstateRule, 'vulnerabilities' | 'findingKind' | 'scope' | 'expiresWhen'>,
  finding: DecidedFinding,
): boolean {
  if (rule.findingKind !== null && rule.findingKind !== finding.kind) return false;
  if (rule.expiresWhen === 'any_fix' && finding.state === 'fixed') return false;
  if (rule.scope.kind === 'packages' && !rule.scope.names.includes(finding.packageName)) return false;
  if (rule.scope.kind === 'products' && !meansPurl(rule.scope.purls, finding.purl)) return false;
  const named = rule.vulnerabilities;
  if (named.length === 0) return true;
  return named.includes(finding.id) || named.includes(finding.key) || finding.aliases.some((id) => named.includes(id));
}

/** Whether one of the package URLs of a rule means a package; a rule without any means all. */
export function meansPurl(wanted: readonly string[], purl: string): boolean {
  return wanted.length === 0 || wanted.some((one) => meansPackage(one, { purl, names: [] }));
}

/** The decisions in force for one image, ready to be asked for each of its findings. */
export function decisionsFor(rules: readonly EstateRule[], image: DecidedImage, now: number): ImageDecider {
  const own = rules
    .filter((rule) => decidesOnVulnerabilities(rule) && isInForce(rule, now) && reaches(rule, image))
    .toSorted((a, b) => a.id - b.id);
  const named = new Map<string, EstateRule[]>();
  const general: EstateRule[] = [];
  for (const rule of own) {
    if (rule.vulnerabilities.length === 0) general.push(rule);
    for (const id of rule.vulnerabilities) named.set(id, [...(named.get(id) ?? []), rule]);
  }
  return (finding) => {
    let first: EstateRule | null = null;
    for (const name of [null, finding.id, finding.key, ...finding.aliases]) {
      const rule = (name === null ? general : (named.get(name) ?? [])).find((candidate) => covers(candidate, finding));
      if (rule !== undefined && (first === null || rule.id < first.id)) first = rule;
    }
    return first;
  };
}
