import { common } from './common.ts';
import { overview } from './overview.ts';
import { scans } from './scans.ts';
import { shell } from './shell.ts';

/** English texts of the frame and of the first page: in the bundle, so that the first paint waits for no other file. */
export const first = { common, overview, scans, shell } as const;
