/** Largest lock file that is read; those of projects with ten thousand packages are smaller. */
export const lockfileBytes = 16 * 2 ** 20;

/** Largest one that a parser of JSON builds as a whole: 4 MiB of empty objects take 300 MiB of memory. */
export const parsedBytes = 4 * 2 ** 20;
