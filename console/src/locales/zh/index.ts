import type { texts as original } from '../en/index.ts';
import type { Same } from '../same.ts';
import { access } from './access.ts';
import { common } from './common.ts';
import { exports } from './exports.ts';
import { images } from './images.ts';
import { shell } from './shell.ts';

export const texts: Same<typeof original> = { access, common, exports, images, shell };
