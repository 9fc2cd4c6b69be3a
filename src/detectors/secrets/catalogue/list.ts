import type { SensitiveRule } from '../contract.ts';
import { applicationKeys } from './applications.ts';
import { clientFileKeys } from './client-files.ts';
import { keyMaterialKeys } from './key-material.ts';
import { tokenKeys } from './tokens.ts';

/** What can be found: the 112 published keys, `ak_leak`, and two of ours that are off by default (risks.md §4.6, §4.7). */
export const sensitiveRules: readonly SensitiveRule[] = [
  ...tokenKeys,
  ...keyMaterialKeys,
  ...clientFileKeys,
  ...applicationKeys,
];
