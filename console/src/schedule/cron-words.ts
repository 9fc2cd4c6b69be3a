import { everySeconds } from './moments.ts';

/** What an expression means, as far as it is one of the usual ones. Hours and minutes are those of the schedule's zone. */
export type Rhythm =
  | { readonly kind: 'seconds'; readonly every: number }
  | { readonly kind: 'minutes'; readonly every: number }
  | { readonly kind: 'hours'; readonly every: number; readonly minute: number }
  | { readonly kind: 'day'; readonly at: string }
  | { readonly kind: 'week'; readonly days: readonly number[]; readonly at: string }
  | { readonly kind: 'month'; readonly day: number; readonly at: string }
  /** Something that words would not make clearer. */
  | { readonly kind: 'other' };

const names: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
};
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** Reads the usual expressions; 0 = Sunday. */
export function rhythmOf(expression: string): Rhythm {
  const text = expression.trim();
  const every = everySeconds(text);
  if (every !== null) return secondsRhythm(every);
  const fields = (names[text] ?? text).split(/\s+/);
  const [minute = '', hour = '', day = '', month = '', week = ''] = fields;
  if (fields.length !== 5 || month !== '*') return { kind: 'other' };
  const anyDay = day === '*' && week === '*';
  if (hour === '*' && anyDay) {
    if (minute === '*') return { kind: 'minutes', every: 1 };
    const step = stepOf(minute, 60);
    if (step !== null) return { kind: 'minutes', every: step };
    return isNumber(minute, 59) ? { kind: 'hours', every: 1, minute: Number(minute) } : { kind: 'other' };
  }
  if (!isNumber(minute, 59)) return { kind: 'other' };
  const hours = stepOf(hour, 24);
  if (hours !== null && anyDay) return { kind: 'hours', every: hours, minute: Number(minute) };
  if (!isNumber(hour, 23)) return { kind: 'other' };
  const at = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (anyDay) return { kind: 'day', at };
  if (day === '*') {
    const days = daysOf(week);
    return days === null ? { kind: 'other' } : { kind: 'week', days, at };
  }
  return week === '*' && isNumber(day, 31) ? { kind: 'month', day: Number(day), at } : { kind: 'other' };
}

function secondsRhythm(seconds: number): Rhythm {
  if (seconds % 3600 === 0) return { kind: 'hours', every: seconds / 3600, minute: -1 };
  return seconds % 60 === 0 ? { kind: 'minutes', every: seconds / 60 } : { kind: 'seconds', every: seconds };
}

function isNumber(field: string, most: number): boolean {
  return /^\d{1,2}$/.test(field) && Number(field) <= most;
}

/** A step such as 15 in the minutes: only those that divide the whole come as regularly as words would say. */
function stepOf(field: string, whole: number): number | null {
  const step = Number(/^(?:\*|0)\/(\d{1,2})$/.exec(field)?.[1] ?? 0);
  return step > 0 && whole % step === 0 ? step : null;
}

function daysOf(field: string): readonly number[] | null {
  const days = new Set<number>();
  for (const part of field.split(',')) {
    const [from = '', to = from] = part.split('-');
    const first = dayOf(from);
    const last = dayOf(to);
    if (first === null || last === null || first > last) return null;
    for (let day = first; day <= last; day++) days.add(day % 7);
  }
  return [...days].sort((a, b) => a - b);
}

function dayOf(text: string): number | null {
  if (/^[0-7]$/.test(text)) return Number(text);
  const index = dayNames.indexOf(text.toUpperCase());
  return index < 0 ? null : index;
}
