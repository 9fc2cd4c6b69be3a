import { common } from './common.ts';
import { exports } from './exports.ts';
import { images } from './images.ts';
import { overview } from './overview.ts';
import { registries } from './registries.ts';
import { scans } from './scans.ts';
import { schedules } from './schedules.ts';
import { shell } from './shell.ts';
import { start } from './start.ts';

/** All English texts by domain; the other languages have the same keys. */
export const texts = { common, exports, images, overview, registries, scans, schedules, shell, start } as const;

export type Texts = typeof texts;
