import type { CheckSet } from '../contract.ts';
import { baseEndOfLife, staleImage } from './base/age.ts';
import { secretInLowerLayer } from './base/lower-layers.ts';
import { mutableTag, unsignedImage, untrustedBase } from './base/origin.ts';
import { add } from './build/add.ts';
import { packageCache } from './build/caches.ts';
import { insecureDownload } from './build/downloads.ts';
import { instructionHygiene } from './build/hygiene.ts';
import { broadChmod, sudo } from './build/privileges.ts';
import { pipeToShell } from './build/remote-scripts.ts';
import { distUpgrade, updateAlone } from './build/updates.ts';
import { writableEntrypoint } from './settings/entrypoint.ts';
import { dangerousEnvironment } from './settings/environment.ts';
import { badPort, remoteAdminPort } from './settings/exposed-ports.ts';
import { badWorkdir, noHealthcheck, sensitiveVolume } from './settings/places.ts';
import { scriptReader } from './settings/scripts.ts';
import { configSecret } from './settings/secrets.ts';
import { noUser, unknownUser } from './settings/user.ts';

export { executedOptions } from './build/options.ts';

/** Image configuration and build history (risks.md §2.3). */
export const imageConfigChecks: CheckSet = {
  group: 'IC',
  readers: [scriptReader],
  checks: [
    ...[noUser, unknownUser, untrustedBase, baseEndOfLife, staleImage, unsignedImage, noHealthcheck, updateAlone],
    ...[add, configSecret, sudo, sensitiveVolume, distUpgrade, packageCache, mutableTag, pipeToShell, remoteAdminPort],
    ...[badPort, insecureDownload, broadChmod, writableEntrypoint, badWorkdir, dangerousEnvironment],
    ...[instructionHygiene, secretInLowerLayer],
  ],
};
