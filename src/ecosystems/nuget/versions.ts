import { semverOrder } from '../semver-order.ts';

/**
 * Versions of NuGet packages: one to four numbers, then a prerelease as in SemVer 2 whose letters have no case. Build
 * metadata does not count.
 */
export const nugetVersions = semverOrder({ id: 'nuget', numbers: 4, nuget: true });
