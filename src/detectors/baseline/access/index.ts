import type { CheckSet } from '../contract.ts';
import { pamChecks } from './pam/bypass.ts';
import { pamReader } from './pam/pam-file.ts';
import { authorizedKeysReader } from './ssh/authorized-keys.ts';
import { sshClientChecks } from './ssh/client.ts';
import { hostKeyReader } from './ssh/host-keys.ts';
import { sshKeyChecks } from './ssh/keys.ts';
import { sshReader } from './ssh/ssh-file.ts';
import { sshdHardeningChecks } from './ssh/sshd-hardening.ts';
import { sshdLoginChecks } from './ssh/sshd-logins.ts';
import { certificateReader } from './tls/certificate-file.ts';
import { certificateChecks } from './tls/checks.ts';

/** SSH, PAM and TLS (risks.md §2.6). */
export const accessChecks: CheckSet = {
  group: 'SH',
  readers: [sshReader, authorizedKeysReader, hostKeyReader, pamReader, certificateReader],
  checks: [
    ...sshdLoginChecks,
    ...sshdHardeningChecks,
    ...sshKeyChecks,
    ...sshClientChecks,
    ...pamChecks,
    ...certificateChecks,
  ].sort((a, b) => (a.id < b.id ? -1 : 1)),
};
