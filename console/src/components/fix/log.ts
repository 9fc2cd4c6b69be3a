/** A line of the log of a fix. */
export interface LogLine {
  /** When it was written, in ms; null for a line that does not say. */
  readonly at: number | null;
  readonly text: string;
}

/** Reads the lines of a log: each begins with its time. */
export function readLog(lines: readonly string[]): readonly LogLine[] {
  return lines.map((line) => {
    const [, time, text] = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (.*)$/s.exec(line) ?? [];
    return time === undefined || text === undefined ? { at: null, text: line } : { at: Date.parse(time), text };
  });
}

/** When the task entered each of its stages, as its log tells; the first time counts. */
export function stageTimes(log: readonly LogLine[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { at, text } of log) {
    const [, stage] = /^stage: (\w+)$/.exec(text) ?? [];
    if (stage !== undefined && at !== null && !times.has(stage)) times.set(stage, at);
  }
  return times;
}

/** Who ordered the fix, as the first line of its log tells. */
export function orderedBy(log: readonly LogLine[]): string | null {
  return /^ordered by (.+): \d+ vulnerabilities$/.exec(log[0]?.text ?? '')?.[1] ?? null;
}
