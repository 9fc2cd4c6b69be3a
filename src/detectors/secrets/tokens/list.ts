import type { ContentRule } from '../contract.ts';
import { privateKeyRules } from '../keys/private-keys.ts';
import { assignmentRules, noisyRules } from './assignments.ts';
import { cloudRules } from './clouds.ts';
import { frameworkRules } from './frameworks.ts';
import { infrastructureRules } from './infrastructure.ts';
import { packageRegistryRules } from './package-registries.ts';
import { serviceRules } from './services.ts';
import { sourceHostRules } from './source-hosts.ts';

/** Rules that look at all text. */
export const contentRules: readonly ContentRule[] = [
  ...cloudRules,
  ...sourceHostRules,
  ...packageRegistryRules,
  ...infrastructureRules,
  ...serviceRules,
  ...frameworkRules,
  ...privateKeyRules,
  ...assignmentRules,
  ...noisyRules,
];
