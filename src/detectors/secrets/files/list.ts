import type { FileRule } from '../contract.ts';
import { keyFiles } from '../keys/key-files.ts';
import { applicationFiles } from './applications.ts';
import { clientFiles } from './clients.ts';
import { databaseFiles } from './databases.ts';
import { desktopFiles } from './desktop.ts';

/** Rules that look at files of certain names or with certain first bytes. */
export const fileRules: readonly FileRule[] = [
  ...clientFiles,
  ...desktopFiles,
  ...applicationFiles,
  ...databaseFiles,
  ...keyFiles,
];
