import type { RegistryAbilities, RegistryKind, RegistryRecord } from '../../inventory/index.ts';
import type { Call, Page, PageRequest } from './call.ts';
import type { ScanTask } from './work.ts';

export interface NewRegistry {
  readonly name: string;
  readonly kind: RegistryKind;
  readonly baseUrl: string;
  readonly connectAddress?: string | null;
  readonly region?: string;
  readonly projectId?: number;
  readonly username?: string | null;
  readonly password?: string | null;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly references?: readonly string[];
  readonly schedule?: string | null;
  readonly scansPerHour?: number | null;
  readonly vendor?: Readonly<Record<string, string | number>>;
  readonly insecure?: boolean;
  readonly ca?: string | null;
  /** Scan new images after each synchronisation; default true. */
  readonly scanNew?: boolean;
}

/** Onboarding. Nothing here waits for a registry except `test`. */
export interface RegistryService {
  /** Stores, then tests and synchronises in the background. @throws ServiceError `invalid_field`, `address_denied`, `name_taken` */
  add(call: Call, registry: NewRegistry): Promise<RegistryRecord>;
  update(call: Call, id: number, change: Partial<NewRegistry>): Promise<RegistryRecord | null>;
  /** Takes its repositories, images and unfinished work away. False when unknown. */
  remove(call: Call, id: number): Promise<boolean>;
  get(call: Call, id: number): Promise<RegistryRecord | null>;
  page(
    call: Call,
    query: {
      readonly nameContains?: string;
      readonly vendorTypes?: readonly string[];
      readonly notVendorTypes?: readonly string[];
      readonly page: PageRequest;
    },
  ): Promise<Page<RegistryRecord & { readonly images: number }>>;
  /** Connects now and says what works. */
  test(call: Call, id: number): Promise<RegistryAbilities>;
  /** Queues a synchronisation. */
  sync(call: Call, id: number): Promise<ScanTask | null>;
  /** Regions that this installation knows; at least one. */
  regions(): readonly { readonly id: string; readonly name: string }[];
  /** Adds tags that a caller names to the inventory, without asking the registry. @throws ServiceError `invalid_order` */
  announce(
    call: Call,
    images: readonly {
      readonly registryInstanceId: string;
      readonly repositoryExtId: string | null;
      readonly namespace: string;
      readonly name: string;
      readonly tag: string;
      readonly digest: string;
      readonly updatedAt: number | null;
    }[],
  ): Promise<readonly string[]>;
  /** A push notification of a registry. @throws ServiceError `hook_denied` */
  hook(input: {
    readonly registryId: number;
    readonly headers: Readonly<Record<string, string | undefined>>;
    readonly body: Uint8Array;
    readonly requestId: string;
  }): Promise<void>;
  /** Secret of the registry's hook, shown once; makes a new one. */
  rotateHookSecret(call: Call, id: number): Promise<{ readonly secret: string; readonly path: string }>;
}
