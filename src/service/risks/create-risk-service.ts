import type { RiskService } from '../contract/index.ts';
import { ServiceError } from '../errors.ts';

/** Risks of the estate. */
export function createRiskService(): RiskService {
  const later = async (): Promise<never> => {
    throw new ServiceError('unavailable', 'risks are not stored yet');
  };
  return {
    catalogue: () => ({ rules: [], classes: {}, names: {} }),
    ...{ counts: later, groups: later, images: later, hits: later, hitsByIds: later, setStatus: later },
    ...{ strategies: later, saveStrategy: later, selection: later, select: later },
    ...{ sensitiveScan: later, setSensitiveScan: later },
  };
}
