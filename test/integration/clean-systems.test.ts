import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applicationPackages, debianRootfs } from '../support/debian-image.ts';
import { debianMirror } from '../support/debian-mirror.ts';
import { detectImage, detectorOptions } from '../support/detection.ts';
import { needs } from '../support/system.ts';
import { tarImage } from '../support/tar-image.ts';

/** Programs of the distribution with setuid or setgid, which every system has. */
const always = ['FS-001 low'];

/** What a clean system fails in files and services, each with why it is expected. */
const systems: readonly { name: string; suite: string; include: readonly string[]; expected: readonly string[] }[] = [
  // mmdebstrap gives apt's download directories to the number of apt's user in another system.
  { name: 'Debian 11', suite: 'bullseye', include: [], expected: [...always, 'FS-005 low'] },
  { name: 'Debian 12', suite: 'bookworm', include: [], expected: always },
  { name: 'Debian 13', suite: 'trixie', include: [], expected: always },
  {
    name: 'Debian 12 with nginx, sshd, Python, git and a database client',
    suite: 'bookworm',
    include: applicationPackages,
    // nginx tells its version unless somebody switches that off.
    expected: [...always, 'SV-018 low default'],
  },
];

for (const { name, suite, include, expected } of systems) {
  test(`${name}, as installed: what fails in files and services`, async (t) => {
    const mirror = debianMirror();
    if (!needs(t, 'mmdebstrap')) return;
    if (mirror === undefined) return t.skip('needs a Debian mirror: set DRYDOCK_DEBIAN_MIRROR');
    const image = await tarImage([await debianRootfs(mirror, suite, include)]);
    const { baseline } = await detectImage(detectorOptions(['baseline']), image, new Date('2026-06-01'));
    const ours = (check: string): boolean => /^(FS|SV)-/.test(check);
    assert.deepEqual(
      baseline?.failed
        .filter(({ check }) => ours(check))
        .map(({ check, level, basis }) => [check, level, basis].filter((part) => part !== undefined).join(' ')),
      expected,
    );
    assert.deepEqual(
      baseline?.unknown.filter(({ check }) => ours(check)),
      [],
    );
  });
}
