import type { FixStage } from '../findings/index.ts';

/** The arrows of fix-engine.md §3. `planned` may also end a task that has nothing to do. */
export const arrows: Readonly<Record<FixStage, readonly FixStage[]>> = {
  queued: ['planned', 'failed', 'cancelled'],
  planned: ['fetching', 'failed', 'cancelled'],
  fetching: ['building', 'failed', 'cancelled'],
  building: ['pushing', 'failed', 'cancelled'],
  pushing: ['verifying', 'failed', 'cancelled'],
  verifying: ['promoted', 'failed', 'cancelled'],
  promoted: [],
  failed: [],
  cancelled: [],
};

/** What a task changes outside of memory, other than its own record; in the order in which a run does them. */
export const durableEffects = [
  'plan-stored',
  'packages-stored',
  'layer-stored',
  'image-stored',
  'result-remembered',
  'blob-pushed',
  'manifest-pushed',
  'report-stored',
  'referrer-pushed',
  'tag-moved',
] as const;

/** One durable effect. */
export type DurableEffect = (typeof durableEffects)[number];

/** Name of the point beside an arrow. */
export function arrowPoint(from: FixStage, to: FixStage, side: 'before' | 'after'): string {
  return `${from}>${to}:${side}`;
}

/** Name of the point beside a durable effect. */
export function effectPoint(effect: DurableEffect, side: 'before' | 'after'): string {
  return `${effect}:${side}`;
}

/** Every fault point, generated from the machine: a new arrow or effect cannot be forgotten in a test. */
export function faultPoints(): string[] {
  const sides = ['before', 'after'] as const;
  const ofArrows = Object.entries(arrows).flatMap(([from, targets]) =>
    targets.flatMap((to) => sides.map((side) => arrowPoint(from as FixStage, to, side))),
  );
  return [...ofArrows, ...durableEffects.flatMap((effect) => sides.map((side) => effectPoint(effect, side)))];
}
