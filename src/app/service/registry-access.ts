import { detectorGeneration } from '../../detectors/index.ts';
import { ecosystems } from '../../ecosystems/list.ts';
import type { RegistryAccessOptions } from '../../inventory/index.ts';
import { environmentProxies, systemClock } from '../../kernel/index.ts';
import { analyserGeneration } from '../../scan/index.ts';
import type { Settings } from '../settings.ts';
import { userAgent } from '../version.ts';
import type { ServiceOptions } from './options.ts';

/** Rises with the analysers of this version. */
export const generation = analyserGeneration(ecosystems, detectorGeneration);

/** How onboarded registries are reached from this installation. */
export function registryAccess(
  settings: Settings,
  options: Pick<ServiceOptions, 'registryAllow'>,
  sealer: RegistryAccessOptions['sealer'],
): RegistryAccessOptions {
  const realms = Object.values(settings.config.registries ?? {}).flatMap(({ trustedRealms }) => trustedRealms ?? []);
  return {
    sealer,
    clock: systemClock,
    userAgent,
    allowedAddresses: options.registryAllow,
    proxies: environmentProxies(settings.env),
    ...(realms.length > 0 && { trustedRealms: realms }),
  };
}
