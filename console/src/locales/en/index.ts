import { common } from './common.ts';
import { exports } from './exports.ts';
import { fixes } from './fixes.ts';
import { images } from './images.ts';
import { outcomes } from './outcomes.ts';
import { plan } from './plan.ts';
import { shell } from './shell.ts';

/** All English texts by domain; the other languages have the same keys. */
export const texts = { common, exports, fixes, images, outcomes, plan, shell } as const;

export type Texts = typeof texts;
