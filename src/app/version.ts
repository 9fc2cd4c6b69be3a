/** Version of this program; a test holds it equal to package.json. */
export const version = '0.1.0';

/** How it names itself to registries, mirrors and in attestations. */
export const userAgent = `drydock/${version}`;
