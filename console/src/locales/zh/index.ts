import type { texts as original } from '../en/index.ts';
import type { Same } from '../same.ts';
import { common } from './common.ts';
import { exports } from './exports.ts';
import { fixing } from './fixing.ts';
import { ignores } from './ignores.ts';
import { images } from './images.ts';
import { packages } from './packages.ts';
import { shell } from './shell.ts';
import { vulns } from './vulns.ts';

export const texts: Same<typeof original> = { common, exports, fixing, ignores, images, packages, shell, vulns };
