import type { texts as original } from '../en/index.ts';
import type { Same } from '../same.ts';
import { common } from './common.ts';
import { exports } from './exports.ts';
import { ignores } from './ignores.ts';
import { images } from './images.ts';
import { shell } from './shell.ts';

export const texts: Same<typeof original> = { common, exports, ignores, images, shell };
