import { access } from './0001-access.ts';
import { inventory } from './0002-inventory.ts';
import { findings } from './0003-findings.ts';
import { work } from './0004-work.ts';
import { exports } from './0005-exports.ts';
import { answers } from './0006-answers.ts';
import { baseImages } from './0007-base-images.ts';
import { risks } from './0008-risks.ts';
import { fixPlans } from './0009-fix-plans.ts';
import { dailyCounts } from './0010-daily-counts.ts';
import { imageConfigs } from './0011-image-configs.ts';
import { notifications } from './0012-notifications.ts';
import type { Migration } from './migration.ts';

/** Every migration, in order. */
export const migrations: readonly Migration[] = [
  access,
  inventory,
  findings,
  work,
  exports,
  answers,
  baseImages,
  risks,
  fixPlans,
  dailyCounts,
  imageConfigs,
  notifications,
];
