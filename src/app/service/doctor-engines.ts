import type { DoctorCheck } from '../../cli/service/doctor.ts';
import { systemClock } from '../../kernel/index.ts';
import { openEngines } from '../engines-wiring.ts';
import { ruleService } from '../rules-wiring.ts';
import type { Settings } from '../settings.ts';

/** Checks of what malicious files are found by: rules, and the engines that the settings name. */
export function engineChecks(settings: Settings): readonly DoctorCheck[] {
  const service = ruleService(settings);
  const { engines } = openEngines(settings, service.rules);
  const rules: DoctorCheck = {
    name: 'rules',
    async run() {
      const { bundled, feeds } = await service.list();
      const imported = feeds.map(({ name, state }) => `${name} (${state})`).join(', ') || 'none imported';
      return { state: 'ok', detail: `${bundled.rules} bundled, ${imported}` };
    },
  };
  return [
    rules,
    ...engines.map(
      (engine): DoctorCheck => ({
        name: engine.id,
        async run(signal) {
          await using _closed = engine;
          const version = await engine.version(signal);
          const concern = engine.concern?.(systemClock.now()) ?? null;
          if (concern === null) return { state: 'ok', detail: version };
          const hint = 'docs/operations/engines.md says what it means.';
          return { state: 'warn', detail: `${version}: ${concern.message}`, hint };
        },
      }),
    ),
  ];
}
