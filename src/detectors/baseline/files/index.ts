import type { CheckSet } from '../contract.ts';
import { dpkgFilesReader } from './checksums/reader.ts';
import { containerEscape, daemonReader } from './container-escape.ts';
import { scheduledJobs } from './jobs/check.ts';
import { jobReader } from './jobs/reader.ts';
import { coreReader, extraTooling, unneededArtifacts } from './leftovers.ts';
import { modifiedFiles } from './modified-files.ts';
import { linkerPathReader, pathDirectories } from './path-directories.ts';
import { accountFileModes, fileCapabilities, unownedFiles, worldWritable } from './permissions.ts';
import { setuidFiles } from './setuid.ts';
import { sudoersRules } from './sudoers/check.ts';
import { sudoersReader } from './sudoers/reader.ts';

/** Modes, owners and rights of files, and files that should not be there (risks.md §2.5). */
export const fileChecks: CheckSet = {
  group: 'FS',
  readers: [dpkgFilesReader, linkerPathReader, sudoersReader, jobReader, daemonReader, coreReader],
  checks: [
    ...[setuidFiles, fileCapabilities, worldWritable, accountFileModes, unownedFiles, pathDirectories],
    ...[modifiedFiles, sudoersRules, scheduledJobs, containerEscape, extraTooling, unneededArtifacts],
  ],
};
