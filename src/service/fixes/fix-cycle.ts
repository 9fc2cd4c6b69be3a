import { systemActor } from '../../access/index.ts';
import { type Clock, CodedError, dayMs } from '../../kernel/index.ts';
import type { Call, FixService, ImageService, ImageView } from '../contract/index.ts';
import type { FixCycleStore } from './ports.ts';

const pageSize = 200;

/**
 * One run of automatic fixing: orders fixes of everything fixable for the current images of the chosen repositories, on
 * behalf of the projects of whoever switched it on. Images that were made by a fix, or whose fix exists, are left alone.
 */
export async function runFixCycle(
  deps: {
    readonly cycles: FixCycleStore;
    readonly images: Pick<ImageService, 'page'>;
    readonly fixes: Pick<FixService, 'order'>;
    readonly clock: Clock;
    readonly newId: () => string;
    readonly report: (message: string, error: unknown) => void;
  },
  signal: AbortSignal,
): Promise<number> {
  const cycle = await deps.cycles.read();
  if (!cycle.enabled || cycle.repositories.length === 0) return 0;
  const actor = systemActor(deps.newId());
  const call: Call = { projects: cycle.projects, actor, signal };
  const since = cycle.imageDays === 0 ? 0 : deps.clock.now().getTime() - cycle.imageDays * dayMs;
  let ordered = 0;
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<ImageService['page']>> = await deps.images.page(call, {
      filter: {
        and: [
          { field: 'repository.path', op: 'in', values: cycle.repositories },
          { field: 'image.current', op: 'is', value: true },
        ],
      },
      sort: 'id',
      page: { after, limit: pageSize },
    });
    for (const image of page.rows) {
      if (!wanted(image, since)) continue;
      signal.throwIfAborted();
      try {
        await deps.fixes.order(
          call,
          [{ imageUuid: image.uuid, select: 'all-fixable', strategy: 'best-effort' }],
          'schedule',
        );
        ordered++;
      } catch (error) {
        // One image that cannot be ordered must not keep the others from being fixed.
        if (!(error instanceof CodedError)) throw error;
        deps.report(`no automatic fix of image ${image.uuid}`, error);
      }
    }
    after = page.next;
  } while (after !== null);
  return ordered;
}

function wanted(image: ImageView, since: number): boolean {
  return image.fixedFrom === null && image.tag !== null && image.since >= since && image.counts.cve.fixable > 0;
}
