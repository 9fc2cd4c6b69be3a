import type { Migration } from './migration.ts';

/** Exports as jobs (docs/adr/0008-exports.md). Their rows are files; here is what is known of each. */
export const exports: Migration = {
  version: 5,
  name: '0005-exports',
  statements: ({ I64, FLAG, TXT, BYTES, DOC, TS, table, keyed }) => [
    // state: queued, running, success, failure, cancelled, expired. pinned: its rows are all in the snapshot file.
    // admitted: its turn has come; queue_id is its job then. fence: that of the worker that may write.
    table(
      'export_job',
      `id ${TXT} PRIMARY KEY`,
      `number ${I64} NOT NULL UNIQUE`,
      `project_id ${I64}`,
      `all_projects ${FLAG} NOT NULL`,
      `fair_key ${TXT} NOT NULL`,
      `spec ${DOC} NOT NULL`,
      `columns ${DOC} NOT NULL`,
      `pins ${DOC} NOT NULL`,
      `state ${TXT} NOT NULL`,
      `reason_code ${TXT}`,
      `reason_message ${TXT}`,
      `rows_total ${I64} NOT NULL`,
      `rows_matched ${I64} NOT NULL`,
      `rows_done ${I64} NOT NULL`,
      `pinned ${FLAG} NOT NULL`,
      `admitted ${FLAG} NOT NULL`,
      `queue_id ${TXT}`,
      `fence ${I64} NOT NULL`,
      `checkpoint ${DOC}`,
      `file_id ${TXT} UNIQUE`,
      `file_name ${TXT} NOT NULL`,
      `bytes ${I64}`,
      `sha256 ${BYTES}`,
      `created_at ${TS} NOT NULL`,
      `updated_at ${TS} NOT NULL`,
      `finished_at ${TS}`,
      `expires_at ${TS}`,
    ),
    `CREATE INDEX export_job_open ON export_job (fair_key, number) WHERE state IN ('queued', 'running')`,
    `CREATE INDEX export_job_expiry ON export_job (expires_at) WHERE state = 'success'`,
    `CREATE INDEX export_job_ended ON export_job (finished_at) WHERE state IN ('failure', 'cancelled')`,
    // The projects whose rows are in an export that is not over all projects.
    keyed(
      'export_project',
      ['export_id', 'project_id'],
      `export_id ${TXT} NOT NULL REFERENCES export_job(id)`,
      `project_id ${I64} NOT NULL`,
    ),
  ],
};
