import { createClamd } from '../adapters/engines/clamd/clamd.ts';
import { createYaraX } from '../adapters/engines/yara-x/yara-x.ts';
import { type InstalledRules, type OutsideEngine, rulesForOutside } from '../detectors/index.ts';
import { systemClock } from '../kernel/index.ts';
import type { Settings } from './settings.ts';

/** Engines besides our own; disposing them closes connections and processes. */
export interface OpenedEngines extends AsyncDisposable {
  readonly engines: readonly (OutsideEngine & AsyncDisposable)[];
}

/**
 * The outside engines that the settings name, none by default. Nothing is connected or started before a scan asks.
 * @throws EngineError `engine_address_invalid`
 */
export function openEngines(settings: Pick<Settings, 'env' | 'config'>, rules: InstalledRules): OpenedEngines {
  const { clamd = {}, yaraX = false } = settings.config.engines ?? {};
  const address = settings.env.DRYDOCK_CLAMD || clamd.address;
  const { maxFileBytes, maxAgeDays, allow } = clamd;
  const engines = [
    ...(address
      ? [
          createClamd({
            ...{ address, clock: systemClock },
            ...(maxFileBytes && { maxFileBytes }),
            ...(maxAgeDays && { maxAgeDays }),
            ...(allow && { allow }),
          }),
        ]
      : []),
    ...(yaraX
      ? [createYaraX({ rules: async () => rulesForOutside(await rules.sources(), await rules.compiled()) })]
      : []),
  ];
  return {
    engines,
    async [Symbol.asyncDispose]() {
      await Promise.all(engines.map((engine) => engine[Symbol.asyncDispose]()));
    },
  };
}
