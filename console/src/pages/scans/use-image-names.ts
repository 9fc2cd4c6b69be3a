import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { $api } from '../../api/client.ts';
import { inPieces } from '../../api/in-pieces.ts';

/** How an image is called. */
export interface ImageName {
  readonly repository: string;
  readonly tag: string | null;
}

const atOnce = 200;
const keptMs = 5 * 60_000;

/** Names of images by uuid, asked for in groups; those that are gone have none. */
export function useImageNames(uuids: readonly string[]): ReadonlyMap<string, ImageName> {
  const groups = useMemo(() => inPieces(uuids, atOnce), [uuids]);
  return useQueries({
    queries: groups.map((group) => ({
      ...$api.queryOptions('get', '/api/v1/images', {
        params: { query: { q: `image.uuid:${group.join(',')}`, limit: String(atOnce) } },
      }),
      staleTime: keptMs,
    })),
    combine: (answers) =>
      new Map(
        answers.flatMap(({ data }) =>
          (data?.items ?? []).map(({ uuid, repository, tag }) => [uuid, { repository, tag }]),
        ),
      ),
  });
}
