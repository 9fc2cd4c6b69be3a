import type { VersionScheme } from '../contract.ts';

/** Conda's versions are shown and never compared: there are no advisories to compare them with. */
export const condaVersions: VersionScheme = { id: 'conda', valid: () => false, compare: () => 0 };
