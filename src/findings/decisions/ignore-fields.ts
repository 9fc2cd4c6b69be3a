import { DecisionError } from './errors.ts';

/** A text or a list of texts; YAML reads `2027-01-31` as a text here because the core schema has no dates. */
export function textList(value: unknown, name: string, where: string): readonly string[] {
  if (value === undefined || value === null) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item) => {
    if (typeof item !== 'string' || item === '' || item.length > 2_000) {
      throw invalidIgnoreFile(name, `${where} must be a text or a list of texts`);
    }
    return item;
  });
}

/** Whether a text is a day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const time = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The error of a file that cannot be understood. */
export function invalidIgnoreFile(name: string, why: string): DecisionError {
  const hint = 'See docs/howto/ignore-findings.md for the forms that are understood.';
  return new DecisionError('ignore_file_invalid', `${name}: ${why}`, { hint });
}
