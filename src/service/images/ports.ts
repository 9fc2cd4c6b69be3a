import type { EstateQueries } from '../../findings/index.ts';
import type { TagStore } from '../../inventory/index.ts';

/** What the image service is made of. */
export interface ImageServiceDeps {
  readonly queries: EstateQueries;
  readonly tags: Pick<TagStore, 'tagHistory'>;
  /** Progress of running scans, 0–100, by manifest; absent: unknown. */
  readonly progress?: (manifestIds: readonly number[]) => Promise<ReadonlyMap<number, number>>;
  /** The scan report with current matches; null before the first scan. */
  readonly report: (image: { readonly uuid: string; readonly manifestId: number }) => Promise<unknown>;
}
