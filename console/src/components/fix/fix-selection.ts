import { api, type Schema } from '../../api/client.ts';
import { quoted } from '../../filter/terms.ts';
import type { FixStrategy } from './strategies.ts';

/** Findings that a fix can remove now, by image. */
export interface FixSelection {
  readonly images: ReadonlyMap<string, readonly number[]>;
  readonly records: number;
  /** Ids of vulnerabilities of which something can be fixed. */
  readonly ids: ReadonlySet<string>;
}

/** Keys in one filter: addresses have an end. */
const longestFilter = 3000;

/** Keys in pieces whose filters are short enough for an address. */
export function keysInPieces(keys: readonly string[], longest = longestFilter): readonly string[] {
  const pieces: string[][] = [];
  let length = 0;
  for (const key of keys.map(quoted)) {
    if (pieces.length === 0 || length + key.length > longest) {
      pieces.push([]);
      length = 0;
    }
    pieces.at(-1)?.push(key);
    length += key.length + 1;
  }
  return pieces.map((piece) => `key:${piece.join(',')}`);
}

/** What is open, has a published fix, is of the operating system and is not being fixed already. */
const repairable = 'kind:cve fixable:true handled:false fixing:false';

/** Every finding of these vulnerabilities that a fix can remove, in all images that tags point at. */
export async function fixSelection(keys: readonly string[], signal: AbortSignal): Promise<FixSelection> {
  const images = new Map<string, number[]>();
  const ids = new Set<string>();
  let records = 0;
  for (const piece of keysInPieces(keys)) {
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const query = { q: `${piece} ${repairable}`, grain: 'record', limit: '500' } as const;
      const { data } = await api.GET('/api/v1/findings', {
        params: { query: cursor === undefined ? query : { ...query, cursor } },
        signal,
      });
      for (const { imageUuid, recordId, vulnerability } of data?.items ?? []) {
        const own = images.get(imageUuid);
        if (own === undefined) images.set(imageUuid, [recordId]);
        else own.push(recordId);
        ids.add(vulnerability.id);
        records++;
      }
      cursor = data?.next ?? null;
    }
  }
  return { images, records, ids };
}

/** An order for each of the images. */
export function ordersOf(selection: FixSelection, strategy: FixStrategy): readonly Schema<'FixOrderInput'>[] {
  return [...selection.images].map(([image, records]) => ({ image, records: [...records], strategy }));
}
