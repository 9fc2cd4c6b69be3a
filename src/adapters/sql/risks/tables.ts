/** Tables of 0008-risks, which says what they mean. Times are ms since 1970 UTC, flags 0 or 1, codes those of risks/kinds.ts. */
export interface RiskTables {
  risk: {
    id: number;
    hash: Uint8Array;
    kind: number;
    level: number;
    counted: number;
    key_id: number;
    head_id: number;
    path_id: number | null;
    md5: Uint8Array | null;
    sha256: Uint8Array | null;
    layer_id: number | null;
    body: Uint8Array;
  };
  risk_set: { id: number; hash: Uint8Array; members: Uint8Array };
  /** `since` is JSON of ms by key id, `seen` JSON of ms by detector. */
  image_risk: {
    manifest_id: number;
    seq: number;
    set_id: number;
    first_at: number;
    since: string | null;
    seen: string | null;
  };
  risk_ref: { id: number; image_id: number; key_id: number; shown_at: number };
  scan_choice: { name: string; doc: string; changed_at: number };
}
