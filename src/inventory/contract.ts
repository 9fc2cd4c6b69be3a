import type { Digest } from '../image/index.ts';

/** Generic OCI registries, Harbor with its API, and lists of references where the catalogue is closed. */
export type RegistryKind = 'oci' | 'harbor' | 'static';

/** A registry that was onboarded. Credentials are sealed elsewhere and never part of this. */
export interface RegistryRecord {
  readonly id: number;
  /** `cri-` and 16 characters; what the cloud facades call the registry instance. */
  readonly instanceId: string;
  readonly name: string;
  readonly kind: RegistryKind;
  /** `https://registry.example.com:5000`, without a path. */
  readonly baseUrl: string;
  /** Address to connect to instead of resolving the host of `baseUrl`; null = resolve. */
  readonly connectAddress: string | null;
  readonly region: string;
  /** Project of repositories that no rule assigns elsewhere. */
  readonly projectId: number;
  readonly username: string | null;
  readonly hasPassword: boolean;
  /** Globs over the repository path; empty include = all. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** References of a static list (`repository:tag`, `repository@digest`). */
  readonly references: readonly string[];
  /** Cron expression of reconciliation; null = only by hand and by hooks. */
  readonly schedule: string | null;
  /** Images scanned per hour at most; null = no limit. */
  readonly scansPerHour: number | null;
  /** What the vendor facades store and echo but Drydock does not use (network type, version, VPC id …). */
  readonly vendor: Readonly<Record<string, string | number>>;
  readonly insecure: boolean;
  /** PEM. */
  readonly ca: string | null;
  readonly state: 'new' | 'ok' | 'degraded' | 'unreachable';
  /** One sentence; null when all is well. */
  readonly stateReason: string | null;
  readonly abilities: RegistryAbilities | null;
  /** Times: ms since 1970 UTC. */
  readonly checkedAt: number | null;
  readonly syncedAt: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Result of a connection test: what works, and why the rest does not. */
export interface RegistryAbilities {
  readonly list: Ability;
  readonly pull: Ability;
  readonly push: Ability;
  readonly delete: Ability;
  readonly referrers: Ability;
}

export interface Ability {
  readonly state: 'yes' | 'no' | 'unknown';
  /** Typed code and sentence when the state is not `yes`. */
  readonly code: string | null;
  readonly reason: string | null;
}

/** Scan states are distinguishable: nothing that was not scanned looks clean. */
export type ScanState =
  | 'never'
  | 'queued'
  | 'pulling'
  | 'analysing'
  | 'matched'
  | 'partial'
  | 'unsupported'
  | 'too_large'
  | 'failed'
  | 'cancelled';

/** A repository of a registry. */
export interface RepositoryRecord {
  readonly id: number;
  /** `crr-` and 16 characters; what the cloud facades call the repository id. */
  readonly extId: string;
  readonly registryId: number;
  readonly projectId: number;
  /** Everything before the last slash; empty for a flat name. */
  readonly namespace: string;
  readonly name: string;
  /** `namespace/name`. */
  readonly path: string;
  readonly public: boolean;
}

/**
 * An image of the inventory: one tag of one repository at one platform manifest. A tag that moves makes a new one; the
 * former stays, with `until`. The uuid is derived from registry, repository, tag and digest, so it never changes.
 */
export interface InventoryImage {
  readonly id: number;
  /** 32 hex digits. */
  readonly uuid: string;
  readonly registry: RegistryRecord;
  readonly repository: RepositoryRecord;
  /** Null for images that are known by digest only. */
  readonly tag: string | null;
  readonly tagImmutable: boolean;
  /** Platform manifest: identity of the content. */
  readonly digest: Digest;
  /** Key of the content in the store; images with one digest share it. */
  readonly manifestId: number;
  /** Index that the tag names, when it is one. */
  readonly indexDigest: Digest | null;
  /** `linux/amd64`; null before the first scan of a registry that does not tell. */
  readonly platform: string | null;
  readonly configDigest: Digest | null;
  /** Sum of the compressed layers in bytes; null when unknown. */
  readonly size: number | null;
  readonly createdAt: number | null;
  /** Since when the tag points here. */
  readonly since: number;
  /** Until when it did; null = it still does. */
  readonly until: number | null;
  readonly scan: {
    readonly state: ScanState;
    /** Typed code and sentence of `failed`, `partial`, `unsupported`, `too_large`; null otherwise. */
    readonly reason: { readonly code: string; readonly message: string } | null;
    /** End of the last finished scan. */
    readonly at: number | null;
  };
  /** uuid of the image that this one was made from by a fix. */
  readonly fixedFrom: string | null;
}
