import { common } from './common.ts';
import { exports } from './exports.ts';
import { ignores } from './ignores.ts';
import { image } from './image.ts';
import { images } from './images.ts';
import { overview } from './overview.ts';
import { registries } from './registries.ts';
import { risks } from './risks.ts';
import { scans } from './scans.ts';
import { schedules } from './schedules.ts';
import { shell } from './shell.ts';
import { start } from './start.ts';

/** All English texts by domain; the other languages have the same keys. */
export const texts = { common, exports, ignores, image, images, overview, registries, risks, scans, schedules, shell, start } as const;

export type Texts = typeof texts;
