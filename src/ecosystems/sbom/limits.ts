/** Bounds of one bill of materials. */
export const sbomLimits = { components: 200_000, properties: 256, paths: 64 } as const;
