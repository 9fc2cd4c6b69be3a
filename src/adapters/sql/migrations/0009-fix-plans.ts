import type { Migration } from './migration.ts';

/** Previews of fixes. */
export const fixPlans: Migration = {
  version: 9,
  name: '0009-fix-plans',
  statements: ({ ID, I64, I32, TXT, BYTES, DOC, TS, table }) => [
    // picked: what was asked for, as it was given. selection, requested: the same, resolved. snapshot: advisories of the result.
    table(
      'fix_plan',
      `number ${ID}`,
      `id ${TXT} NOT NULL UNIQUE`,
      `project_id ${I64} NOT NULL`,
      `image_id ${I64} NOT NULL`,
      `image_uuid ${TXT} NOT NULL`,
      `digest ${BYTES} NOT NULL`,
      `new_tag ${TXT} NOT NULL`,
      `strategy ${TXT} NOT NULL`,
      `picked ${DOC} NOT NULL`,
      `selection ${DOC} NOT NULL`,
      `requested ${I32} NOT NULL`,
      `actor ${TXT} NOT NULL`,
      `dedupe_key ${TXT} NOT NULL`,
      `job_id ${TXT} NOT NULL`,
      `state ${TXT} NOT NULL`,
      `stage ${TXT} NOT NULL`,
      `code ${TXT}`,
      `message ${TXT}`,
      `snapshot ${TXT}`,
      `result ${DOC}`,
      `created_at ${TS} NOT NULL`,
      `started_at ${TS}`,
      `finished_at ${TS}`,
      `expires_at ${TS}`,
    ),
    `CREATE UNIQUE INDEX fix_plan_open ON fix_plan (dedupe_key) WHERE state IN ('queued', 'running')`,
    'CREATE INDEX fix_plan_dedupe ON fix_plan (dedupe_key, number)',
    'CREATE INDEX fix_plan_image ON fix_plan (image_uuid, number)',
    'CREATE INDEX fix_plan_job ON fix_plan (job_id)',
    'CREATE INDEX fix_plan_finished ON fix_plan (finished_at) WHERE finished_at IS NOT NULL',
  ],
};
