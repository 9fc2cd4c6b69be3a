/** How many rows an export had at a moment. */
export interface Sample {
  readonly at: number;
  readonly rows: number;
}

/** How fast an export is written, and how long it will take. */
export interface Pace {
  readonly rowsPerSecond: number;
  readonly leftMs: number;
}

/** The pace between two looks; null until rows have been written in between. */
export function paceOf(first: Sample, now: Sample, total: number): Pace | null {
  const seconds = (now.at - first.at) / 1000;
  const rows = now.rows - first.rows;
  if (seconds <= 0 || rows <= 0) return null;
  const rowsPerSecond = rows / seconds;
  return { rowsPerSecond, leftMs: (Math.max(0, total - now.rows) / rowsPerSecond) * 1000 };
}
