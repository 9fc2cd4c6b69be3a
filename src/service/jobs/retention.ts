import type { InventoryStore } from '../../inventory/index.ts';
import type { JobHandler } from '../../jobs/index.ts';
import { type Clock, dayMs } from '../../kernel/index.ts';

const batch = 500;

/** One thing that is cleaned up; other parts add theirs. Called again after a crash. */
export interface RetentionStep {
  readonly name: string;
  run(now: number, signal: AbortSignal): Promise<void>;
}

/** Cleans up what nobody needs any more, step by step. One step that fails does not keep the others from running. */
export function createRetentionHandler(deps: {
  readonly steps: readonly RetentionStep[];
  readonly clock: Clock;
}): JobHandler & { readonly kind: 'retention' } {
  return {
    kind: 'retention',
    async run(_job, { signal, progress }) {
      const failures: unknown[] = [];
      for (const [done, step] of deps.steps.entries()) {
        signal.throwIfAborted();
        progress({ stage: step.name, done, total: deps.steps.length });
        try {
          await step.run(deps.clock.now().getTime(), signal);
        } catch (error) {
          signal.throwIfAborted();
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}

/**
 * Images that their tags left longer ago than the policy says, removed registries, and what is remembered of hooks and
 * runs.
 */
export function inventoryRetention(deps: {
  readonly store: InventoryStore;
  /** Days that vanished images stay. */
  readonly keepDays: number;
  /** Told of manifests that are gone, so that facts about them can go too. */
  readonly onManifestsGone?: (manifestIds: readonly number[]) => Promise<void>;
}): RetentionStep {
  const { store, keepDays, onManifestsGone } = deps;
  return {
    name: 'inventory',
    async run(now, signal) {
      for (let done = false; !done; ) {
        signal.throwIfAborted();
        const purged = await store.purgeRemoved(batch, now);
        if (purged.manifests.length > 0) await onManifestsGone?.(purged.manifests);
        done = purged.done;
      }
      for (let images = batch; images === batch; ) {
        signal.throwIfAborted();
        const vanished = await store.deleteVanished(now - keepDays * dayMs, batch, now);
        if (vanished.manifests.length > 0) await onManifestsGone?.(vanished.manifests);
        images = vanished.images;
      }
      await store.forgetWork(now - dayMs);
    },
  };
}
