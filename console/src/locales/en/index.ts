import { common } from './common.ts';
import { exports } from './exports.ts';
import { fixing } from './fixing.ts';
import { ignores } from './ignores.ts';
import { images } from './images.ts';
import { packages } from './packages.ts';
import { shell } from './shell.ts';
import { vulns } from './vulns.ts';

/** All English texts by domain; the other languages have the same keys. */
export const texts = { common, exports, fixing, ignores, images, packages, shell, vulns } as const;

export type Texts = typeof texts;
