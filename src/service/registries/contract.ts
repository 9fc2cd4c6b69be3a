import type { AuditLog } from '../../access/index.ts';
import type { InventoryStore, RegistryConnectors, RegistryRecord, Sealer } from '../../inventory/index.ts';
import type { JobQueue, ScheduleStore } from '../../jobs/index.ts';
import type { Clock } from '../../kernel/index.ts';
import type { ScanStore } from '../scans/index.ts';

/** What onboarding needs. */
export interface RegistryServiceDeps {
  readonly store: InventoryStore;
  readonly connectors: RegistryConnectors;
  readonly sealer: Sealer;
  readonly queue: JobQueue;
  readonly syncTasks: Pick<ScanStore, 'startSync'>;
  readonly schedules: ScheduleStore;
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** CIDR ranges of loopback, link-local and metadata addresses that registries may have all the same. */
  readonly allowedAddresses: readonly string[];
  /** At least one; the first is the default. */
  readonly regions: readonly { readonly id: string; readonly name: string }[];
  /** Project of registries that name none. */
  readonly defaultProjectId: number;
  /** Whether a project exists. */
  hasProject(id: number): Promise<boolean>;
  /** Ends unfinished work on a registry's images; called before they are purged. */
  readonly onRemoved?: (registry: RegistryRecord) => Promise<void>;
  /** Told of contents that are gone with their registry. */
  readonly onManifestsGone?: (manifestIds: readonly number[]) => Promise<void>;
  /** Called after jobs were queued. */
  readonly wake?: () => void;
}

/** Payload of jobs of kind `sync`. */
export interface SyncPayload {
  readonly registryId: number;
  /** Only the repositories that hooks and callers named. */
  readonly requested?: true;
}

/** Payload of jobs of kind `probe`. */
export interface ProbePayload {
  readonly registryId: number;
}
