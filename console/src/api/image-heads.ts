import { useQuery } from '@tanstack/react-query';
import { api, type Schema } from './client.ts';
import { inPieces } from './in-pieces.ts';

type Image = Schema<'Image'>;

/** What is asked for within this time is asked for together. */
const gatherMs = 15;
const mostAtOnce = 200;

let waiting = new Map<string, ((image: Promise<Image | null>) => void)[]>();

function flush(): void {
  const asked = [...waiting];
  waiting = new Map();
  for (const some of inPieces(asked, mostAtOnce)) {
    const q = `uuid:${some.map(([uuid]) => uuid).join(',')}`;
    const answer = api.GET('/api/v1/images', { params: { query: { q, limit: String(mostAtOnce) } } });
    const found = answer.then(({ data }) => new Map(data?.items.map((image) => [image.uuid, image])));
    for (const [uuid, callers] of some) {
      for (const give of callers) give(found.then((images) => images.get(uuid) ?? null));
    }
  }
}

function load(uuid: string): Promise<Image | null> {
  return new Promise((resolve) => {
    if (waiting.size === 0) setTimeout(flush, gatherMs);
    waiting.set(uuid, [...(waiting.get(uuid) ?? []), resolve]);
  });
}

/** The image of a uuid, earlier ones too; null when there is none (any more). Rows on screen ask for theirs in one request. */
export function useImageHead(uuid: string | null) {
  return useQuery({
    queryKey: ['get', '/api/v1/images', 'head', uuid],
    queryFn: () => load(uuid ?? ''),
    enabled: uuid !== null,
    staleTime: 60_000,
  });
}
