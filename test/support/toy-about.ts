import type { EcosystemAbout } from '../../src/ecosystems/index.ts';

/** What a made-up packaging world says of itself. */
export const toyAbout: EcosystemAbout = { title: 'toys', covers: 'tests', evidence: [], versions: 'whole numbers' };
