import type { Generated } from 'kysely';

/** Tables of 0003-findings, which says what they mean. Times are ms since 1970 UTC, flags 0 or 1, codes those of codes.ts. */
export interface FindingsTables {
  revision: { name: 'ingest' | 'matches' | 'rules'; value: number };
  dict: { id: number; hash: Uint8Array; text: string };
  release: { id: number; hash: Uint8Array; os_id: string; version_id: string | null; codename: string | null };
  layer: { id: number; digest: Uint8Array };
  pkg: PackageTable;
  pkg_lookup: { name_id: number; pkg_id: number };
  pkg_pending: { pkg_id: number };
  component_set: {
    id: number;
    hash: Uint8Array;
    kind: number;
    release_id: number | null;
    n: number;
    members: Uint8Array;
  };
  /** Of 0007-base-images. */
  image_chain: { manifest_id: number; chain: Uint8Array };
  image_set: { manifest_id: number; evidence_id: number; layer_id: number; set_id: number };
  /** `old_sets` is a JSON list of set ids. */
  set_change: { id: number; manifest_id: number; at: number; old_sets: string };
  vuln: {
    id: number;
    name: string;
    title_id: number | null;
    cvss_milli: number | null;
    vector_id: number | null;
    epss_ppm: number | null;
    epss_rank_ppm: number | null;
    kev: number;
    rev: number;
  };
  vuln_alias: { alias: string; vuln_id: number };
  /** `snapshot` is the JSON of an AdvisorySnapshot; empty for all but the last. */
  match_generation: {
    gen: number;
    at: number;
    snapshot_id: string;
    snapshot: string;
    reason: string;
    opened: number;
    closed: number;
  };
  pkg_vuln: MatchTable;
  rule: RuleTable;
  rule_target: { rule_id: number; part: 'vulnerability' | 'scope'; value: string };
  /** `rule` is the JSON of the rule after the change. */
  rule_change: { id: number; rule_id: number; change: string; at: number; author: string; rule: string };
  image_counts: CountsTable & { [K in keyof RiskCountsTable]: Generated<number> };
  scan_record: { manifest_id: number; report: Uint8Array };
  finding_ref: { id: number; image_id: number; vuln_id: number; shown_at: number };
}

export interface PackageTable {
  id: number;
  hash: Uint8Array;
  type: string;
  kind: number;
  release_id: number | null;
  name_id: number;
  version_id: number;
  arch: string | null;
  src_name_id: number | null;
  src_version_id: number | null;
  purl_id: number | null;
  nv_id: number;
}

export interface MatchTable {
  pkg_id: number;
  vuln_id: number;
  from_gen: number;
  to_gen: number | null;
  since_gen: number;
  rev: number;
  sev: number;
  sev_src_id: number | null;
  score_milli: number | null;
  vector_id: number | null;
  fix_state: number;
  fixed_id: number | null;
  priority: number;
  advisory_id: number;
  ecosystem_id: number;
  range_id: number;
  on_source: number;
  aliases_id: number | null;
  title_id: number | null;
}

export interface RuleTable {
  id: number;
  kind: string;
  project_id: number | null;
  finding_kind: string | null;
  scope: string;
  reason: string;
  author: string;
  source: string;
  title: string | null;
  created_at: number;
  updated_at: number;
  expires_at: number | null;
  expires_when: string;
  ended_at: number | null;
  ended: string | null;
  /** These two of 0008-risks. `conditions` is a JSON list. */
  verdict: string | null;
  conditions: string | null;
}

export interface CountsTable {
  manifest_id: number;
  seq: number;
  gen: number;
  want_gen: number;
  release_id: number | null;
  first_at: number;
  rank: number;
  cve_c: number;
  cve_h: number;
  cve_m: number;
  cve_l: number;
  cve_u: number;
  cve_f: number;
  sca_c: number;
  sca_h: number;
  sca_m: number;
  sca_l: number;
  sca_u: number;
  sca_f: number;
  kev: number;
  vulns: number;
}

/** Of 0008-risks: counted findings of detectors by kind and level. */
export type RiskCountsTable = Record<`${'base' | 'inst' | 'mal' | 'sens'}_${'h' | 'm' | 'l'}`, number>;
