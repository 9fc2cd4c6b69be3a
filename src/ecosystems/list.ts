import { conda } from './conda/index.ts';
import type { Ecosystem } from './contract.ts';
import { dpkg } from './dpkg/index.ts';
import { npm } from './npm/index.ts';
import { pypi } from './pypi/index.ts';

/** Every packaging world that a scan looks for. */
export const ecosystems: readonly Ecosystem[] = [dpkg, npm, pypi, conda];
