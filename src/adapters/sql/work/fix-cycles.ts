import { nextMoment, type ScheduleStore } from '../../../jobs/index.ts';
import type { Clock } from '../../../kernel/index.ts';
import type { FixCycleStore, StoredFixCycle } from '../../../service/index.ts';

const name = 'fix-cycle';

/** Runs that were due while everything was down begin together otherwise. */
const jitterMs = 5 * 60_000;

type Settings = Omit<StoredFixCycle, 'nextRunAt' | 'lastRunAt'>;

const initial: Settings = { enabled: false, everyDays: 7, repositories: [], imageDays: 30, projects: [] };

/** Settings of automatic fixing, kept as the schedule that runs it. */
export function createFixCycleStore(schedules: ScheduleStore, clock: Clock): FixCycleStore {
  return {
    async read() {
      const schedule = await schedules.get(name);
      const settings = (schedule?.payload as { settings?: Settings } | null)?.settings ?? initial;
      return {
        ...settings,
        nextRunAt: settings.enabled ? (schedule?.nextAt ?? null) : null,
        lastRunAt: schedule?.lastAt ?? null,
      };
    },
    async write(settings) {
      const cron = `@every ${settings.everyDays * 86_400}`;
      const { enabled, everyDays, repositories, imageDays, projects } = settings;
      const stored: Settings = { enabled, everyDays, repositories, imageDays, projects };
      const payload = { cycle: true, settings: stored };
      const next = nextMoment(cron, 'UTC', clock.now().getTime());
      const schedule = await schedules.put({ name, kind: 'fix', cron, jitterMs, payload, enabled }, next);
      return { ...stored, nextRunAt: enabled ? schedule.nextAt : null, lastRunAt: schedule.lastAt };
    },
  };
}
