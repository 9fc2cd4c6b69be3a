import type { Migration } from './migration.ts';

const counters = ['base', 'inst', 'mal', 'sens'].flatMap((kind) => ['h', 'm', 'l'].map((level) => `${kind}_${level}`));

/** Findings of detectors stored once, decisions on them, and what scans look for (docs/adr/0006-facts-once.md). */
export const risks: Migration = {
  version: 8,
  name: '0008-risks',
  statements: ({ I64, I32, FLAG, TXT, BYTES, DOC, TS, table }) => [
    // kind: 0 baseline, 1 instruction, 2 malicious, 3 sensitive. level: 0 the worst. key_id: what it is inside of an image.
    // head_id: JSON of what its rule says. body: JSON of the rest, packed: 0 as it is, 1 zstd.
    table(
      'risk',
      `id ${I32} PRIMARY KEY CHECK (id > 0)`,
      `hash ${BYTES} NOT NULL UNIQUE`,
      `kind ${I32} NOT NULL`,
      `level ${I32} NOT NULL`,
      `counted ${FLAG} NOT NULL`,
      `key_id ${I32} NOT NULL`,
      `head_id ${I32} NOT NULL`,
      `path_id ${I32}`,
      `md5 ${BYTES}`,
      `sha256 ${BYTES}`,
      `layer_id ${I32}`,
      `body ${BYTES} NOT NULL`,
    ),
    // members: ids of risks in the order of the report, four bytes each, the lowest first.
    table(
      'risk_set',
      `id ${I32} PRIMARY KEY CHECK (id > 0)`,
      `hash ${BYTES} NOT NULL UNIQUE`,
      `members ${BYTES} NOT NULL`,
    ),
    // seq: revision `ingest` of the last change. since: keys that were found after first_at, with when. seen: detectors that
    // the last scan did not ask, with the end of the last scan that did (0 = none did); null = it asked all.
    table(
      'image_risk',
      `manifest_id ${I64} PRIMARY KEY`,
      `seq ${I64} NOT NULL`,
      `set_id ${I32} NOT NULL`,
      `first_at ${TS} NOT NULL`,
      `since ${DOC}`,
      `seen ${DOC}`,
    ),
    'CREATE INDEX image_risk_seq ON image_risk (seq)',
    'CREATE INDEX image_risk_set ON image_risk (set_id)',
    ...counters.map((column) => `ALTER TABLE image_counts ADD COLUMN ${column} ${I32} NOT NULL DEFAULT 0`),
    table(
      'risk_ref',
      `id ${I64} PRIMARY KEY`,
      `image_id ${I64} NOT NULL`,
      `key_id ${I32} NOT NULL`,
      `shown_at ${TS} NOT NULL`,
      'UNIQUE (image_id, key_id)',
    ),
    // Of decisions on other findings than vulnerabilities.
    `ALTER TABLE rule ADD COLUMN verdict ${TXT}`,
    `ALTER TABLE rule ADD COLUMN conditions ${DOC}`,
    table('scan_choice', `name ${TXT} PRIMARY KEY`, `doc ${DOC} NOT NULL`, `changed_at ${TS} NOT NULL`),
  ],
};
