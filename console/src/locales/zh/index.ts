import type { texts as original } from '../en/index.ts';
import type { Same } from '../same.ts';
import { common } from './common.ts';
import { exports } from './exports.ts';
import { images } from './images.ts';
import { overview } from './overview.ts';
import { registries } from './registries.ts';
import { scans } from './scans.ts';
import { schedules } from './schedules.ts';
import { shell } from './shell.ts';
import { start } from './start.ts';

export const texts: Same<typeof original> = {
  common,
  exports,
  images,
  overview,
  registries,
  scans,
  schedules,
  shell,
  start,
};
