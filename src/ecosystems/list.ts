import { composer } from './composer/index.ts';
import type { Ecosystem } from './contract.ts';
import { dpkg } from './dpkg/index.ts';
import { gem } from './gem/index.ts';
import { nuget } from './nuget/index.ts';

/** Every packaging world that a scan looks for. */
export const ecosystems: readonly Ecosystem[] = [dpkg, gem, composer, nuget];
