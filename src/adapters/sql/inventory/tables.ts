import type { Generated } from 'kysely';

/** Tables of 0002-inventory. Times are ms since 1970 UTC, flags 0 or 1, digests raw bytes. */
export interface InventoryTables {
  /** `include`, `exclude`, `refs`, `vendor`, `abilities` are JSON; `password` and `hook_secret` are sealed. */
  registry: {
    id: Generated<number>;
    instance_id: string;
    name: string;
    kind: string;
    base_url: string;
    connect_address: string | null;
    region: string;
    project_id: number;
    username: string | null;
    password: Uint8Array | null;
    hook_secret: Uint8Array | null;
    include: string;
    exclude: string;
    refs: string;
    schedule: string | null;
    scans_per_hour: number | null;
    scan_new: number;
    /** When the next scan under the hourly limit may begin. */
    next_scan_at: number;
    vendor: string;
    /** `vendor.registryType`, else `harbor` for Harbor and `acr` for the rest. */
    vendor_type: string;
    insecure: number;
    ca: string | null;
    state: string;
    state_reason: string | null;
    abilities: string | null;
    /** Number of the last synchronisation that was begun. */
    sync_run: number;
    checked_at: number | null;
    synced_at: number | null;
    created_at: number;
    updated_at: number;
    removed_at: number | null;
  };
  repository: {
    id: number;
    ext_id: string;
    registry_id: number;
    project_id: number;
    namespace: string;
    name: string;
    path: string;
    public: number;
    /** Number of the last synchronisation that listed it. */
    seen_run: number;
    created_at: number;
  };
  /** `kind`: image, index, artifact, announced. */
  manifest: { id: number; digest: Uint8Array; kind: string; media_type: string; size: number };
  image: {
    manifest_id: number;
    config_digest: Uint8Array | null;
    os: string | null;
    arch: string | null;
    variant: string | null;
    created_at: number | null;
    size: number | null;
    scan_state: string;
    scan_code: string | null;
    scan_message: string | null;
    scanned_at: number | null;
    first_scanned_at: number | null;
    analyser_gen: number;
    os_id: string | null;
    os_version: string | null;
    os_name: string | null;
  };
  index_member: { index_id: number; ordinal: number; manifest_id: number };
  tag_current: { repo_id: number; tag: string; manifest_id: number; since: number; immutable: number };
  tag_event: {
    id: number;
    repo_id: number;
    tag: string;
    manifest_id: number | null;
    at: number;
    source: string;
    actor: string | null;
  };
  /** A tag that begins with `@` stands for none. */
  inventory_image: {
    id: number;
    uuid: string;
    repo_id: number;
    tag: string;
    tag_immutable: number;
    manifest_id: number;
    index_id: number | null;
    since: number;
    until_at: number | null;
    fixed_from: number | null;
    seq: number;
  };
  inventory_gone: { seq: number; image_id: number; at: number };
  sync_run: {
    job_id: string;
    registry_id: number;
    state: string;
    position: string | null;
    run: number;
    fence: number;
    repositories: number;
    images: number;
    failed: number;
    reason: string | null;
    started_at: number;
    updated_at: number;
  };
  sync_request: { registry_id: number; path: string; version: number; actor: string | null; at: number };
  hook_event: { registry_id: number; event: string; at: number };
}
