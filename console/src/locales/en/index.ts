import { common } from './common.ts';
import { exports } from './exports.ts';
import { ignores } from './ignores.ts';
import { images } from './images.ts';
import { shell } from './shell.ts';

/** All English texts by domain; the other languages have the same keys. */
export const texts = { common, exports, ignores, images, shell } as const;

export type Texts = typeof texts;
