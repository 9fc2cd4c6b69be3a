import type { Migration } from './migration.ts';

/** Facts of images stored once, matches, decisions, counters (docs/adr/0006-facts-once.md). */
export const findings: Migration = {
  version: 3,
  name: '0003-findings',
  statements: ({ I64, I32, FLAG, TXT, BYTES, DOC, TS, table, keyed }) => [
    // Counters that rise with every committed change: ingest, matches, rules. Whoever changes facts or matches locks the
    // row `ingest` first, so that ids and revisions become visible in their order.
    table('revision', `name ${TXT} PRIMARY KEY`, `value ${I64} NOT NULL`),
    `INSERT INTO revision (name, value) VALUES ('ingest', 0), ('matches', 0), ('rules', 0)`,

    // Texts that repeat, by hash: what an image names anything may be longer than an index takes.
    table('dict', `id ${I32} PRIMARY KEY`, `hash ${BYTES} NOT NULL UNIQUE`, `text ${TXT} NOT NULL`),
    table(
      'release',
      `id ${I32} PRIMARY KEY`,
      `hash ${BYTES} NOT NULL UNIQUE`,
      `os_id ${TXT} NOT NULL`,
      `version_id ${TXT}`,
      `codename ${TXT}`,
    ),
    table('layer', `id ${I32} PRIMARY KEY`, `digest ${BYTES} NOT NULL UNIQUE`),

    // kind: 0 cve, 1 sca. Rows that differ only in architecture or source share nv_id and count once. purl_id is null
    // where the package URL follows from the rest; src_*_id where there is no source package.
    table(
      'pkg',
      `id ${I32} PRIMARY KEY CHECK (id > 0)`,
      `hash ${BYTES} NOT NULL UNIQUE`,
      `type ${TXT} NOT NULL`,
      `kind ${I32} NOT NULL`,
      `release_id ${I32}`,
      `name_id ${I32} NOT NULL`,
      `version_id ${I32} NOT NULL`,
      `arch ${TXT}`,
      `src_name_id ${I32}`,
      `src_version_id ${I32}`,
      `purl_id ${I32}`,
      `nv_id ${I32} NOT NULL`,
    ),
    'CREATE INDEX pkg_name ON pkg (name_id)',
    // Under which names advisories are looked up for a package.
    keyed('pkg_lookup', ['name_id', 'pkg_id'], `name_id ${I32} NOT NULL`, `pkg_id ${I32} NOT NULL`),
    // Packages whose matches come from other advisories than those of the current generation.
    table('pkg_pending', `pkg_id ${I32} PRIMARY KEY`),

    // members: rising package ids, delta varint; n how many.
    table(
      'component_set',
      `id ${I32} PRIMARY KEY CHECK (id > 0)`,
      `hash ${BYTES} NOT NULL UNIQUE`,
      `kind ${I32} NOT NULL`,
      `release_id ${I32}`,
      `n ${I32} NOT NULL`,
      `members ${BYTES} NOT NULL`,
    ),
    keyed(
      'image_set',
      ['manifest_id', 'evidence_id', 'layer_id', 'set_id'],
      `manifest_id ${I64} NOT NULL`,
      `evidence_id ${I32} NOT NULL`,
      `layer_id ${I32} NOT NULL`,
      `set_id ${I32} NOT NULL`,
    ),
    'CREATE INDEX image_set_set ON image_set (set_id)',
    // What an image held until a better analyser found something else.
    table(
      'set_change',
      `id ${I64} PRIMARY KEY`,
      `manifest_id ${I64} NOT NULL`,
      `at ${TS} NOT NULL`,
      `old_sets ${DOC} NOT NULL`,
    ),
    'CREATE INDEX set_change_manifest ON set_change (manifest_id)',

    table(
      'vuln',
      `id ${I32} PRIMARY KEY`,
      `name ${TXT} NOT NULL UNIQUE`,
      `title_id ${I32}`,
      `cvss_milli ${I32}`,
      `vector_id ${I32}`,
      `epss_ppm ${I32}`,
      `epss_rank_ppm ${I32}`,
      `kev ${FLAG} NOT NULL`,
      `rev ${I64} NOT NULL`,
    ),
    'CREATE INDEX vuln_rev ON vuln (rev)',
    keyed('vuln_alias', ['alias', 'vuln_id'], `alias ${TXT} NOT NULL`, `vuln_id ${I32} NOT NULL`),
    'CREATE INDEX vuln_alias_vuln ON vuln_alias (vuln_id)',
    table(
      'match_generation',
      `gen ${I32} PRIMARY KEY`,
      `at ${TS} NOT NULL`,
      `snapshot_id ${TXT} NOT NULL`,
      `snapshot ${DOC} NOT NULL`,
      `reason ${TXT} NOT NULL`,
      `opened ${I64} NOT NULL`,
      `closed ${I64} NOT NULL`,
    ),
    // sev, fix_state, priority: positions in the lists of findings/facts/codes.ts. to_gen is null while it holds. since_gen:
    // since when without a gap, though its facts changed. rev: revision `matches` of the last change.
    keyed(
      'pkg_vuln',
      ['pkg_id', 'vuln_id', 'from_gen'],
      `pkg_id ${I32} NOT NULL`,
      `vuln_id ${I32} NOT NULL`,
      `from_gen ${I32} NOT NULL`,
      `to_gen ${I32}`,
      `since_gen ${I32} NOT NULL`,
      `rev ${I64} NOT NULL`,
      `sev ${I32} NOT NULL`,
      `sev_src_id ${I32}`,
      `score_milli ${I32}`,
      `vector_id ${I32}`,
      `fix_state ${I32} NOT NULL`,
      `fixed_id ${I32}`,
      `priority ${I32} NOT NULL`,
      `advisory_id ${I32} NOT NULL`,
      `ecosystem_id ${I32} NOT NULL`,
      `range_id ${I32} NOT NULL`,
      `on_source ${FLAG} NOT NULL`,
      `aliases_id ${I32}`,
      `title_id ${I32}`,
    ),
    'CREATE INDEX pkg_vuln_vuln ON pkg_vuln (vuln_id) WHERE to_gen IS NULL',
    'CREATE INDEX pkg_vuln_rev ON pkg_vuln (rev)',
    'CREATE INDEX pkg_vuln_closed ON pkg_vuln (to_gen) WHERE to_gen IS NOT NULL',

    // scope: as in the contract of decisions; its values and the named vulnerabilities are targets.
    table(
      'rule',
      `id ${I64} PRIMARY KEY`,
      `kind ${TXT} NOT NULL`,
      `project_id ${I64}`,
      `finding_kind ${TXT}`,
      `scope ${TXT} NOT NULL`,
      `reason ${TXT} NOT NULL`,
      `author ${TXT} NOT NULL`,
      `source ${TXT} NOT NULL`,
      `title ${TXT}`,
      `created_at ${TS} NOT NULL`,
      `updated_at ${TS} NOT NULL`,
      `expires_at ${TS}`,
      `expires_when ${TXT} NOT NULL`,
      `ended_at ${TS}`,
      `ended ${TXT}`,
    ),
    'CREATE INDEX rule_open ON rule (project_id, id) WHERE ended_at IS NULL',
    'CREATE INDEX rule_expiry ON rule (expires_at) WHERE ended_at IS NULL AND expires_at IS NOT NULL',
    // part: vulnerability or scope.
    keyed(
      'rule_target',
      ['rule_id', 'part', 'value'],
      `rule_id ${I64} NOT NULL REFERENCES rule(id)`,
      `part ${TXT} NOT NULL`,
      `value ${TXT} NOT NULL`,
    ),
    'CREATE INDEX rule_target_value ON rule_target (part, value)',
    table(
      'rule_change',
      `id ${I64} PRIMARY KEY`,
      `rule_id ${I64} NOT NULL REFERENCES rule(id)`,
      `change ${TXT} NOT NULL`,
      `at ${TS} NOT NULL`,
      `author ${TXT} NOT NULL`,
      `rule ${DOC} NOT NULL`,
    ),
    'CREATE INDEX rule_change_rule ON rule_change (rule_id)',

    // Counters before decisions. seq: revision `ingest` of the last change of the contents. gen: matches that the numbers
    // are counted at; behind want_gen they are being counted again. c h m l u: critical … unknown; f: fixable.
    table(
      'image_counts',
      `manifest_id ${I64} PRIMARY KEY`,
      `seq ${I64} NOT NULL`,
      `gen ${I32} NOT NULL`,
      `want_gen ${I32} NOT NULL`,
      `release_id ${I32}`,
      `first_at ${TS} NOT NULL`,
      `rank ${I64} NOT NULL`,
      ...['cve', 'sca'].flatMap((kind) => [...'chmluf'].map((column) => `${kind}_${column} ${I32} NOT NULL`)),
      `kev ${I32} NOT NULL`,
      `vulns ${I32} NOT NULL`,
    ),
    'CREATE UNIQUE INDEX image_counts_seq ON image_counts (seq)',
    'CREATE INDEX image_counts_rank ON image_counts (rank, manifest_id)',
    'CREATE INDEX image_counts_stale ON image_counts (manifest_id) WHERE gen < want_gen',
    table('scan_record', `manifest_id ${I64} PRIMARY KEY`, `report ${BYTES} NOT NULL`),
    table(
      'finding_ref',
      `id ${I64} PRIMARY KEY`,
      `image_id ${I64} NOT NULL`,
      `vuln_id ${I32} NOT NULL`,
      `shown_at ${TS} NOT NULL`,
      'UNIQUE (image_id, vuln_id)',
    ),
  ],
};
