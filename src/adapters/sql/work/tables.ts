import type { Generated } from 'kysely';
import type { JobClass, JobKind, JobState } from '../../../jobs/index.ts';

/** Tables of 0004-work and 0009-fix-plans. Times are ms since 1970 UTC, flags 0 or 1, digests their 32 bytes. */
export interface WorkTables {
  job: JobTable;
  scan_task: ScanTaskTable;
  scan_task_item: ScanTaskItemTable;
  fix_task: FixTaskTable;
  fix_log: { task_id: string; seq: number; at: number; line: string };
  fix_journal: {
    entry: string;
    task_id: string;
    repository: string;
    tag: string;
    terminal: number;
    record: string;
    updated_at: number;
  };
  fix_plan: FixPlanTable;
  fix_lease: { repository: string; tag: string; job_id: string; fence: number };
  fix_result: { manifest: Uint8Array; layer: Uint8Array; origin: Uint8Array };
  schedule: ScheduleTable;
  outbox: { id: Generated<number>; at: number; topic: string; project_id: number | null; payload: string };
}

export interface JobTable {
  seq: Generated<number>;
  id: string;
  kind: JobKind;
  class: JobClass;
  state: JobState;
  dedupe_key: string | null;
  priority: number;
  payload: string;
  queued_at: number;
  run_at: number;
  attempts: number;
  max_attempts: number;
  fence: number;
  lease_owner: string | null;
  /** On the lease clock, whose zero `lease_epoch` names; not a time of day. */
  lease_until: number | null;
  lease_epoch: string | null;
  cancel: number;
  progress: string | null;
  code: string | null;
  message: string | null;
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
}

export interface ScanTaskTable {
  number: Generated<number>;
  id: string;
  name: string;
  source: string;
  kind: 'image_scan' | 'registry_sync';
  state: 'queued' | 'running' | 'finished' | 'cancelled';
  owner: string;
  project_id: number | null;
  registry_id: number | null;
  job_id: string | null;
  total: number;
  finished: number;
  failed: number;
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
  updated_at: number;
}

export interface ScanTaskItemTable {
  task_id: string;
  ordinal: number;
  image_id: number;
  manifest_id: number;
  project_id: number;
  uuid: string;
  digest: Uint8Array;
  state: string;
  open: number;
  prior: string | null;
  code: string | null;
  message: string | null;
  run_at: number | null;
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
}

export interface FixTaskTable {
  number: Generated<number>;
  id: string;
  project_id: number;
  image_id: number;
  image_uuid: string;
  repo_id: number;
  digest: Uint8Array;
  new_tag: string;
  new_image_uuid: string | null;
  stage: string;
  status: 'running' | 'success' | 'partial' | 'failed' | 'cancelled';
  code: string | null;
  message: string | null;
  strategy: 'all-or-nothing' | 'best-effort';
  selection: string;
  requested: string;
  record_ids: string;
  title: string;
  request_id: string;
  origin: 'api' | 'alibaba' | 'schedule' | 'console';
  actor: string;
  dedupe_key: string;
  job_id: string;
  report: string | null;
  created_at: number;
  started_at: number;
  finished_at: number | null;
}

export interface FixPlanTable {
  number: Generated<number>;
  id: string;
  project_id: number;
  image_id: number;
  image_uuid: string;
  digest: Uint8Array;
  new_tag: string;
  strategy: 'all-or-nothing' | 'best-effort';
  picked: string;
  selection: string;
  requested: number;
  actor: string;
  dedupe_key: string;
  job_id: string;
  state: 'queued' | 'running' | 'ready' | 'failed' | 'cancelled';
  stage: string;
  code: string | null;
  message: string | null;
  snapshot: string | null;
  result: string | null;
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
  expires_at: number | null;
}

export interface ScheduleTable {
  id: Generated<number>;
  name: string;
  kind: JobKind;
  cron: string;
  zone: string;
  jitter_ms: number;
  payload: string;
  enabled: number;
  next_at: number | null;
  last_slot: number | null;
  last_at: number | null;
}
