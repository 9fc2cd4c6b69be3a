import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSets } from '../../src/detectors/baseline/catalogue.ts';
import { debianRootfs } from '../support/debian-image.ts';
import { debianMirror } from '../support/debian-mirror.ts';
import { detectImage, detectorOptions } from '../support/detection.ts';
import { needs } from '../support/system.ts';
import { tarImage } from '../support/tar-image.ts';

/**
 * What checks of the groups IC, PK and AK say of a freshly installed Debian, with the reason. Anything else is a false
 * alarm, or a change that somebody has to look at.
 */
const expected: readonly (readonly [check: string, reason: string])[] = [
  ['IC-001:medium', 'an image without USER runs as root'],
  ['IC-007:low', 'nobody knows how a bare system would be probed'],
];

/** The list of sources names the mirror that installed the system, which is this machine's business. */
const byMirror = ['PK-002:low', 'PK-003:low'];

for (const suite of ['bullseye', 'bookworm', 'trixie']) {
  test(`a fresh ${suite} has no finding of level high, and the others are known`, async (t) => {
    const mirror = debianMirror();
    if (!needs(t, 'mmdebstrap')) return;
    if (mirror === undefined) return t.skip('needs a Debian mirror: set DRYDOCK_DEBIAN_MIRROR');
    const image = await tarImage([await debianRootfs(mirror, suite)], { Cmd: ['bash'] });
    const now = new Date('2026-06-01T00:00:00Z');
    const { baseline } = await detectImage(detectorOptions(['baseline']), image, now);
    const groups = checkSets.filter(({ group }) => ['IC', 'PK', 'AK'].includes(group));
    const ids = new Set(groups.flatMap(({ checks }) => checks.map(({ id }) => id)));
    const failed = (baseline?.failed ?? []).filter(({ check }) => ids.has(check));
    const shown = failed.map(({ check, level }) => `${check}:${level}`).filter((entry) => !byMirror.includes(entry));
    assert.deepEqual(
      shown,
      expected.map(([entry]) => entry),
    );
    // No owner is missed among the keys that packages bring.
    const keys = failed.flatMap(({ check, evidence }) => (check === 'PK-003' ? evidence : []));
    assert.deepEqual(
      keys.filter(({ excerpt }) => excerpt === 'key of no package'),
      [],
    );
    assert.ok(baseline?.passed.includes('PK-006') && baseline.passed.includes('IC-004'));
  });
}
