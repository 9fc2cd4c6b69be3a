import type { Page } from 'playwright-core';

/** How a table scrolled. */
export interface Scrolled {
  readonly fps: number;
  /** ms between two frames: 95 % are shorter; the longest. */
  readonly p95: number;
  readonly slowest: number;
  /** The last row that was reached. */
  readonly rows: number;
  /** Most rows that were in the document at a time. */
  readonly nodes: number;
}

/** Scrolls the grid of a page a step each frame, waiting at its end for more rows, and looks at the time between frames. */
export function scrolled(page: Page, options: { readonly rows: number; readonly perFrame: number }): Promise<Scrolled> {
  return page.evaluate(async ({ rows, perFrame }) => {
    const grid = document.querySelector('[role=grid]') as HTMLElement;
    const rowHeight = 44;
    const deltas: number[] = [];
    let nodes = 0;
    let last = 0;
    let waited = 0;
    let before = -1;
    await new Promise<void>((resolve) => {
      const frame = (now: number): void => {
        if (last > 0) deltas.push(now - last);
        last = now;
        if (deltas.length % 10 === 0) nodes = Math.max(nodes, grid.querySelectorAll('[data-row]').length);
        // Read once, before anything is changed: a second look would lay the page out in the middle of the frame.
        const at = grid.scrollTop;
        waited = at === before ? waited + 1 : 0;
        before = at;
        grid.scrollTop = at + perFrame;
        if (at / rowHeight >= rows || waited > 300) resolve();
        else requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    });
    const sorted = [...deltas].sort((a, b) => a - b);
    return {
      fps: (deltas.length * 1000) / deltas.reduce((sum, delta) => sum + delta, 0),
      p95: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
      slowest: sorted.at(-1) ?? 0,
      rows: Math.round((grid.scrollTop + grid.clientHeight) / rowHeight),
      nodes,
    };
  }, options);
}
