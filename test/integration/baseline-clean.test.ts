import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDetectors } from '../../src/detectors/index.ts';
import { applicationPackages, debianRootfs } from '../support/debian-image.ts';
import { debianMirror } from '../support/debian-mirror.ts';
import { detectorOptions } from '../support/detection.ts';
import { needs } from '../support/system.ts';
import { detectTar } from '../support/tar-detection.ts';

/**
 * What accounts, SSH, PAM and TLS of clean systems give, reviewed:
 * - ID-008: Debian's common-password asks nothing of a new password but what pam_unix itself does (no pam_pwquality).
 * - SH-010: Debian's common-auth has `nullok`, the case that risks.md calls a distribution's default.
 */
const minimal = ['ID-008 low', 'SH-010 low'];
/**
 * With a server, its client and certificates:
 * - SH-001: that a server is there is what the check is about.
 * - SH-004, SH-009: nothing forbids passwords; Debian switches X11 forwarding on.
 * - SH-006: the package makes host keys when it is installed.
 */
const withServer = [...minimal, 'SH-001 medium', 'SH-004 low', 'SH-006 high', 'SH-009 low'].sort();

const systems: readonly (readonly [suite: string, packages: readonly string[], expected: readonly string[]])[] = [
  ['bullseye', [], minimal],
  ['bookworm', [], minimal],
  ['trixie', [], minimal],
  ['bookworm', applicationPackages, withServer],
];

for (const [suite, packages, expected] of systems) {
  test(`clean Debian ${suite} with ${packages.join(', ') || 'nothing'} gives what was reviewed`, async (t) => {
    const mirror = debianMirror();
    if (!needs(t, 'mmdebstrap')) return;
    if (mirror === undefined) return t.skip('needs a Debian mirror');
    const detectors = await createDetectors(detectorOptions(['baseline']));
    const { baseline } = await detectTar(detectors, await debianRootfs(mirror, suite, packages), new Date());
    const failed = (baseline?.failed ?? []).filter(({ check }) => /^(ID|SH)-/.test(check));
    for (const { check, evidence } of failed)
      t.diagnostic(`${check}: ${evidence.map(({ path, excerpt }) => `${path}: ${excerpt}`).join('; ')}`);
    assert.deepEqual(failed.map(({ check, level }) => `${check} ${level}`).sort(), expected);
    assert.deepEqual(
      (baseline?.unknown ?? []).filter(({ check }) => /^(ID|SH)-/.test(check)),
      [],
    );
    if (packages.includes('ca-certificates')) assert.ok(baseline?.passed.includes('SH-011'));
  });
}
