/** Tables that belong to no domain. */
export interface CoreTables {
  schema_version: { version: number; name: string; applied_at: number };
  id_block: { name: string; next: number };
  /** `value` is JSON. */
  setting: { key: string; value: string };
}
