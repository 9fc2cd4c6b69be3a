import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format.ts';
import { type Rhythm, rhythmOf } from './cron-words.ts';

const workdays = '1,2,3,4,5';
/** A Sunday: names of days are those of a week that begins here. */
const sunday = Date.UTC(2026, 10, 29);
const dayMs = 86_400_000;

/** Says an expression in plain words, with its zone where a time of day is told; null = nothing happens by itself. */
export function useRhythmWords(): (cron: string | null, zone?: string) => string {
  const { t, i18n } = useTranslation('schedules');
  const format = useFormat();
  return useCallback(
    (cron, zone = 'UTC') => {
      if (cron === null) return t('rhythm.never');
      const names = new Intl.DateTimeFormat(i18n.language === 'zh' ? 'zh-CN' : 'en', {
        weekday: 'long',
        timeZone: 'UTC',
      });
      const say = (rhythm: Rhythm): string => {
        switch (rhythm.kind) {
          case 'seconds':
            return t('rhythm.seconds', { count: rhythm.every });
          case 'minutes':
            return rhythm.every === 1 ? t('rhythm.minute') : t('rhythm.minutes', { count: rhythm.every });
          case 'hours': {
            const minute = String(rhythm.minute).padStart(2, '0');
            if (rhythm.minute <= 0) {
              return rhythm.every === 1 ? t('rhythm.hour') : t('rhythm.hours', { count: rhythm.every });
            }
            return rhythm.every === 1
              ? t('rhythm.hourAt', { minute })
              : t('rhythm.hoursAt', { count: rhythm.every, minute });
          }
          case 'day':
            return t('rhythm.day', { at: rhythm.at });
          case 'week':
            if (rhythm.days.join() === workdays) return t('rhythm.workdays', { at: rhythm.at });
            return t('rhythm.week', {
              days: format.list(rhythm.days.map((day) => names.format(sunday + day * dayMs))),
              at: rhythm.at,
            });
          case 'month':
            return t('rhythm.month', { day: rhythm.day, at: rhythm.at });
          default:
            return t('rhythm.other', { cron });
        }
      };
      const rhythm = rhythmOf(cron);
      const words = say(rhythm);
      const timed = rhythm.kind === 'day' || rhythm.kind === 'week' || rhythm.kind === 'month';
      return timed ? t('rhythm.zone', { words, zone }) : words;
    },
    [t, i18n.language, format],
  );
}
