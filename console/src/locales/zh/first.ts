import type { first as original } from '../en/first.ts';
import type { Same } from '../same.ts';
import { common } from './common.ts';
import { overview } from './overview.ts';
import { scans } from './scans.ts';
import { shell } from './shell.ts';

/** Chinese texts of the frame and of the first page. */
export const first: Same<typeof original> = { common, overview, scans, shell };
