import type { EstateQueries, ScanReport } from '../../findings/index.ts';
import type { Descriptor, ImageHandle } from '../../image/index.ts';
import type { InventoryImage } from '../../inventory/index.ts';
import type { FixService, ImageConfigView, ImageService } from '../contract/index.ts';

/** A config with the generation of the rules that its secrets were masked by. */
export interface KeptConfig {
  readonly rules: number;
  readonly config: ImageConfigView;
}

/** Where configs are kept, by content; secrets in them are masked before. */
export interface ConfigStore {
  config(manifestId: number): Promise<KeptConfig | null>;
  /** Replaces what was kept. Unknown manifests are left out. */
  keepConfig(manifestId: number, config: KeptConfig): Promise<void>;
  /** What the last scan said of an image, without packages and findings; null before. */
  scannedImage(manifestId: number): Promise<ScanReport['image'] | null>;
}

/** Images of the inventory in their registries. */
export interface RegistryContents {
  /** Opens an image, hands it over, and closes it. @throws CodedError */
  read<T>(image: InventoryImage, use: (handle: ImageHandle) => T, signal: AbortSignal): Promise<T>;
  /** Descriptors of what refers to the manifest of an image. @throws CodedError */
  referrers(image: InventoryImage, signal: AbortSignal): Promise<readonly Descriptor[]>;
}

/** What the use cases of contents need. */
export interface ContentDeps {
  readonly images: Pick<ImageService, 'byUuids' | 'byDigest' | 'tagHistory' | 'report'>;
  readonly fixes: Pick<FixService, 'get' | 'page' | 'report'>;
  readonly queries: EstateQueries;
  readonly store: ConfigStore;
  readonly registries: RegistryContents;
}
