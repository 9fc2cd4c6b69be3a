/** `1 upgrade`, `2 upgrades`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;
}

const units: readonly (readonly [size: number, name: string])[] = [
  [1e9, 'GB'],
  [1e6, 'MB'],
  [1e3, 'kB'],
];

/** A number of bytes for people, decimal units: `61.3 MB`. */
export function bytes(n: number): string {
  const [size, name] = units.find(([limit]) => n >= limit) ?? [1, 'B'];
  return size === 1 ? `${n} B` : `${(n / size).toFixed(1)} ${name}`;
}

/** A span of time for people, rounded down to its largest unit: `21 months`, `33 days`, `5 hours`, `less than an hour`. */
export function span(milliseconds: number): string {
  const hours = Math.floor(milliseconds / 3_600_000);
  if (hours < 1) return 'less than an hour';
  if (hours < 48) return count(hours, 'hour');
  const days = Math.floor(hours / 24);
  return days < 90 ? count(days, 'day') : count(Math.floor(days / 30.44), 'month');
}

/** The first few of a list, and how many are left: `a, b, c +4 more`. */
export function someOf(items: readonly string[], most: number): string {
  const shown = items.slice(0, most).join(', ');
  return items.length > most ? `${shown} +${items.length - most} more` : shown;
}

/** An argument as a person can paste it into a shell; foreign text never reaches one from us. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
