import i18next from 'i18next';
import { useSyncExternalStore } from 'react';

const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** How numbers and times are written in a language. Times are those of the user's zone; `utc` is for tooltips. */
export interface Format {
  number(value: number): string;
  /** A share between 0 and 1. */
  percent(value: number): string;
  /** 12.3 MB (powers of 1000, as registries tell sizes). */
  bytes(value: number): string;
  dateTime(time: string | number): string;
  date(time: string | number): string;
  utc(time: string | number): string;
  /** Time of the day with milliseconds. */
  clock(time: string | number): string;
  /** "3 minutes ago", "in 2 days". */
  relative(time: string | number): string;
  /** 850 ms, 12.3 s, 4 min 10 s */
  duration(ms: number): string;
  list(texts: readonly string[]): string;
}

/** Formatters are dear to make, so each is made when it is first needed. */
function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function formatIn(language: string): Format {
  const locale = language === 'zh' ? 'zh-CN' : 'en';
  const number = lazily(() => new Intl.NumberFormat(locale));
  const percent = lazily(() => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }));
  const short = lazily(() => new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }));
  const dateTime = lazily(() => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }));
  const date = lazily(() => new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }));
  const utc = lazily(
    () => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' }),
  );
  const clock = lazily(
    () =>
      new Intl.DateTimeFormat(locale, {
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
        fractionalSecondDigits: 3,
        hourCycle: 'h23',
      }),
  );
  const relative = lazily(() => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));
  const list = lazily(() => new Intl.ListFormat(locale, { type: 'conjunction' }));
  const at = (time: string | number): Date => new Date(time);
  return {
    number: (value) => number().format(value),
    percent: (value) => percent().format(value),
    bytes(value) {
      const steps = ['B', 'kB', 'MB', 'GB', 'TB'];
      let left = value;
      let step = 0;
      while (Math.abs(left) >= 1000 && step < steps.length - 1) {
        left /= 1000;
        step++;
      }
      return `${short().format(left)} ${steps[step]}`;
    },
    dateTime: (time) => dateTime().format(at(time)),
    date: (time) => date().format(at(time)),
    utc: (time) => `${utc().format(at(time))} UTC`,
    clock: (time) => clock().format(at(time)),
    relative(time) {
      const seconds = (at(time).getTime() - Date.now()) / 1000;
      const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? (['second', 1] as const);
      return relative().format(Math.trunc(seconds / size), unit);
    },
    duration(ms) {
      const unit = (value: number, name: string): string =>
        new Intl.NumberFormat(locale, {
          style: 'unit',
          unit: name,
          unitDisplay: 'short',
          maximumFractionDigits: 1,
        }).format(value);
      if (ms < 1000) return unit(Math.round(ms), 'millisecond');
      if (ms < 60_000) return unit(ms / 1000, 'second');
      const minutes = Math.floor(ms / 60_000);
      if (minutes < 60) return `${unit(minutes, 'minute')} ${unit(Math.round((ms % 60_000) / 1000), 'second')}`;
      return `${unit(Math.floor(minutes / 60), 'hour')} ${unit(minutes % 60, 'minute')}`;
    },
    list: (texts) => list().format(texts),
  };
}

// `useTranslation` copies the whole of i18next for every component that asks: too dear for a cell.
function hearLanguage(changed: () => void): () => void {
  i18next.on('languageChanged', changed);
  return () => i18next.off('languageChanged', changed);
}

const known = new Map<string, Format>();

/** Formats in the language on screen; one for all who ask, since every cell of a table does. */
export function useFormat(): Format {
  const language = useSyncExternalStore(hearLanguage, () => i18next.language);
  const format = known.get(language) ?? formatIn(language);
  known.set(language, format);
  return format;
}
