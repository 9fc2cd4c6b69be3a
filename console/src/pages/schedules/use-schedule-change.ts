import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { useChange } from '../../components/feedback/use-change.ts';
import { registryOf } from './schedule-names.ts';

type Schedule = Schema<'Schedule'>;

/** What of a schedule can be changed. */
export interface Timing {
  readonly cron: string;
  readonly zone: string;
  readonly jitterMs: number;
  readonly enabled: boolean;
}

/** The timing of a schedule as it is. */
export function timingOf({ cron, zone, jitterMs, enabled }: Schedule): Timing {
  return { cron, zone, jitterMs, enabled };
}

/**
 * Changes when something is due. The rhythm of a registry is also a setting of the registry, which would plan its own anew
 * at its next change: both are kept alike.
 */
async function apply(schedule: Schedule, timing: Timing): Promise<void> {
  const registry = registryOf(schedule);
  if (registry !== null && timing.cron !== schedule.cron) {
    await api.PATCH('/api/v1/registries/{id}', {
      params: { path: { id: registry } },
      body: { schedule: timing.cron },
    });
  }
  await api.PATCH('/api/v1/schedules/{name}', { params: { path: { name: schedule.name } }, body: timing });
}

/** A change of a schedule that can be taken back. */
export function useScheduleChange(title: string, after: () => void = () => {}) {
  const { t } = useTranslation('schedules');
  return useChange<{ readonly schedule: Schedule; readonly timing: Timing }, void>({
    run: ({ schedule, timing }) => apply(schedule, timing),
    touches: ['/api/v1/schedules', '/api/v1/registries'],
    done: (_result, { schedule, timing }) => {
      const toggled = timing.enabled !== schedule.enabled;
      const text = toggled ? t(timing.enabled ? 'enabled' : 'disabled', { name: title }) : t('saved', { name: title });
      return { text, undo: () => apply({ ...schedule, ...timing }, timingOf(schedule)) };
    },
    after,
  });
}
