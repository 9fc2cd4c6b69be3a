import type { Ecosystem } from './contract.ts';
import { dpkg } from './dpkg/index.ts';
import { rpm } from './rpm/index.ts';

/** Every packaging world that a scan looks for. */
export const ecosystems: readonly Ecosystem[] = [dpkg, rpm];
