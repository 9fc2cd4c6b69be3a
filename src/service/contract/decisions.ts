import type { RiskCondition, RiskVerdict } from '../../findings/index.ts';
import type { Call, Page, PageRequest } from './call.ts';

/** To which images a decision applies. Lists of texts are alternatives. */
export type DecisionScope =
  | { readonly kind: 'global' }
  | { readonly kind: 'repositories'; readonly paths: readonly string[] }
  | { readonly kind: 'registries'; readonly ids: readonly number[] }
  | { readonly kind: 'registryKinds'; readonly kinds: readonly string[] }
  | { readonly kind: 'images'; readonly uuids: readonly string[] }
  | { readonly kind: 'packages'; readonly names: readonly string[] }
  | {
      /** What VEX documents speak of: packages by package URL, in one image or in all. */
      readonly kind: 'products';
      /** Digest of the image or of its index; null = every image. */
      readonly digest: string | null;
      /** Without a version every version is meant; empty = every package of the image. */
      readonly purls: readonly string[];
    };

/** What a human or a VEX document decided; findings that it covers are `handled`. */
export interface DecisionRule {
  readonly id: number;
  /**
   * The last four decide on other findings and touch no vulnerability; their `vulnerabilities` are keys: of `baseline` and
   * `instruction` items of checks, of `sensitive` rules, of `malicious` `md5:…`, `sha256:…` or `rule:…`.
   */
  readonly kind: 'ignore' | 'whitelist' | 'vex' | 'baseline' | 'instruction' | 'malicious' | 'sensitive';
  /** Null = all projects. */
  readonly projectId: number | null;
  /** Vulnerability ids or keys; empty = every vulnerability of the scope. */
  readonly vulnerabilities: readonly string[];
  readonly findingKind: 'cve' | 'sca' | null;
  readonly scope: DecisionScope;
  readonly reason: string;
  readonly author: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt: number | null;
  /** `any_fix` ends the decision as soon as a fix is published. */
  readonly expiresWhen: 'none' | 'any_fix';
  /** What made it: `console`, `alibaba`, `huawei`, `api`, `vex:<file>`. */
  readonly source: string;
  /** Title as the caller gave it (the facades echo it). */
  readonly title: string | null;
  /** How the findings stand: of the last four kinds only, `whitelisted` when absent. */
  readonly verdict?: RiskVerdict;
  /** All of them must hold as well; of the last four kinds only. Whole values are compared unless `op` says otherwise. */
  readonly conditions?: readonly DecisionCondition[];
}

/** What a decision asks of a file besides its rule. */
export type DecisionCondition = RiskCondition;

export type NewDecision = Pick<
  DecisionRule,
  | 'kind'
  | 'vulnerabilities'
  | 'findingKind'
  | 'scope'
  | 'reason'
  | 'expiresAt'
  | 'expiresWhen'
  | 'source'
  | 'title'
  | 'verdict'
  | 'conditions'
> & { readonly projectId?: number | null };

/** What became of a document of decisions. */
export interface ImportedDecisions {
  readonly format: 'openvex' | 'csaf' | 'cyclonedx' | 'ignore-file';
  /** Id of the document: another version of it replaces this one. */
  readonly document: string;
  readonly added: number;
  /** Decisions of an earlier version that were withdrawn. */
  readonly revoked: number;
  /** What of the document is not in force, and why. */
  readonly skipped: readonly string[];
}

/** Ignores, whitelists, VEX. Every change is audited and takes effect at once. */
export interface DecisionService {
  add(call: Call, decision: NewDecision): Promise<DecisionRule>;
  update(
    call: Call,
    id: number,
    change: Partial<Pick<DecisionRule, 'reason' | 'scope' | 'expiresAt' | 'expiresWhen' | 'conditions'>>,
  ): Promise<DecisionRule>;
  /** Revokes; number of rules that were active. Unknown ids count nothing. */
  revoke(call: Call, ids: readonly number[]): Promise<number>;
  page(
    call: Call,
    query: {
      readonly kind?: DecisionRule['kind'];
      readonly text?: string;
      readonly source?: string;
      readonly page: PageRequest;
    },
  ): Promise<Page<DecisionRule>>;
  /**
   * Takes over the statements of a VEX document (OpenVEX, CSAF, CycloneDX) or the rules of an ignore file. Decisions of an
   * earlier import of the same document are withdrawn.
   * @throws DecisionError `vex_invalid`, `ignore_file_invalid`: nothing is changed
   */
  importDocument(
    call: Call,
    document: {
      readonly bytes: Uint8Array;
      /** Name of the file. */
      readonly name: string;
      readonly projectId?: number | null;
      /** When its decisions end, unless they say so themselves; null = they do not. */
      readonly expiresAt: number | null;
    },
  ): Promise<ImportedDecisions>;
  get(call: Call, id: number): Promise<DecisionRule | null>;
  /** How many findings the decision would handle; nothing is stored. */
  preview(call: Call, decision: NewDecision): Promise<{ readonly findings: number; readonly images: number }>;
  /** Every change of decisions on a vulnerability, newest first. */
  history(
    call: Call,
    query: { readonly vulnerability?: string; readonly page: PageRequest },
  ): Promise<
    Page<{
      readonly rule: DecisionRule;
      readonly change: 'added' | 'updated' | 'revoked' | 'expired';
      readonly at: number;
      readonly by: string;
    }>
  >;
}
