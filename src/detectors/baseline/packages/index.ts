import type { CheckSet } from '../contract.ts';
import { databaseRemoved, forbiddenPackage } from './checks/inventory.ts';
import { plainRepository, thirdPartyRepository, unsignedRepository } from './checks/repositories.ts';
import { endedRuntime } from './checks/runtimes.ts';
import { sourceReaders } from './sources/index.ts';

/** Trust in packages (risks.md §2.8). */
export const packageChecks: CheckSet = {
  group: 'PK',
  readers: sourceReaders,
  checks: [
    ...[unsignedRepository, plainRepository, thirdPartyRepository, endedRuntime, forbiddenPackage, databaseRemoved],
  ],
};
