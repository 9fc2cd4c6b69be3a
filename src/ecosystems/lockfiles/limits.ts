/** Largest lock file that is read; those of projects with ten thousand packages are smaller. */
export const lockfileBytes = 16 * 2 ** 20;
