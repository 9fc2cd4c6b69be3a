import { access } from './access.ts';
import { common } from './common.ts';
import { exports } from './exports.ts';
import { images } from './images.ts';
import { shell } from './shell.ts';

/** All English texts by domain; the other languages have the same keys. */
export const texts = { access, common, exports, images, shell } as const;

export type Texts = typeof texts;
