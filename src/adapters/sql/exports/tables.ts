/** Tables of 0005-exports. */
export interface ExportTables {
  /** `spec`, `columns`, `pins`, `checkpoint` are JSON. */
  export_job: {
    id: string;
    number: number;
    project_id: number | null;
    all_projects: number;
    fair_key: string;
    spec: string;
    columns: string;
    pins: string;
    state: string;
    reason_code: string | null;
    reason_message: string | null;
    rows_total: number;
    rows_matched: number;
    rows_done: number;
    pinned: number;
    admitted: number;
    queue_id: string | null;
    fence: number;
    checkpoint: string | null;
    file_id: string | null;
    file_name: string;
    bytes: number | null;
    sha256: Uint8Array | null;
    created_at: number;
    updated_at: number;
    finished_at: number | null;
    expires_at: number | null;
  };
  export_project: { export_id: string; project_id: number };
}
