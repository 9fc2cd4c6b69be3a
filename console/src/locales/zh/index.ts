import type { texts as original } from '../en/index.ts';
import type { Same } from '../same.ts';
import { common } from './common.ts';
import { exports } from './exports.ts';
import { fixes } from './fixes.ts';
import { images } from './images.ts';
import { outcomes } from './outcomes.ts';
import { plan } from './plan.ts';
import { shell } from './shell.ts';

export const texts: Same<typeof original> = { common, exports, fixes, images, outcomes, plan, shell };
