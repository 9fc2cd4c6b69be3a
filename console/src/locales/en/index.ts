import { common } from './common.ts';
import { exports } from './exports.ts';
import { ignores } from './ignores.ts';
import { image } from './image.ts';
import { images } from './images.ts';
import { risks } from './risks.ts';
import { shell } from './shell.ts';

/** All English texts by domain; the other languages have the same keys. */
export const texts = { common, exports, ignores, image, images, risks, shell } as const;

export type Texts = typeof texts;
