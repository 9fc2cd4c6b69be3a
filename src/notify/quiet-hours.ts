import type { QuietHours } from './contract.ts';

const minuteMs = 60_000;
const dayMinutes = 24 * 60;

/** Whether the runtime knows a time zone. */
export function isTimeZone(zone: string): boolean {
  try {
    clockOf(zone);
    return true;
  } catch {
    return false;
  }
}

/**
 * When quiet hours that hold at a moment end.
 * @returns ms since 1970 UTC; null = the moment is in none
 */
export function quietUntil(quiet: QuietHours, now: number): number | null {
  const [from, to] = [minutesOf(quiet.from), minutesOf(quiet.to)];
  const at = localMinutes(quiet.zone, now);
  const within = from <= to ? at >= from && at < to : at >= from || at < to;
  if (!within) return null;
  const end = Math.floor(now / minuteMs) * minuteMs + ((to - at + dayMinutes) % dayMinutes) * minuteMs;
  // When the clocks change in between, the night is longer or shorter than the hands say.
  const late = ((localMinutes(quiet.zone, end) - to + dayMinutes * 1.5) % dayMinutes) - dayMinutes / 2;
  return Math.max(end - late * minuteMs, now + 1);
}

function minutesOf(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
}

function localMinutes(zone: string, at: number): number {
  const parts = clockOf(zone).formatToParts(at);
  const value = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return value('hour') * 60 + value('minute');
}

function clockOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}
