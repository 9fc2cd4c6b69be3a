import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { aptMachine, assertEqualsApt, assertRepaired, fixTag } from '../support/apt-comparison.ts';
import { applicationPackages, debianRootfs, ociLayout, temporaryDirectory } from '../support/debian-image.ts';

const images: readonly { name: string; suite: string; include: readonly string[] }[] = [
  { name: 'Debian 11 minimal', suite: 'bullseye', include: [] },
  { name: 'Debian 12 minimal', suite: 'bookworm', include: [] },
  { name: 'Debian 13 minimal', suite: 'trixie', include: [] },
  { name: 'Debian 11 application', suite: 'bullseye', include: applicationPackages },
  { name: 'Debian 12 application', suite: 'bookworm', include: applicationPackages },
];

for (const { name, suite, include } of images) {
  test(`${name}: the fix equals what its own apt-get makes of it`, async (t) => {
    const mirror = aptMachine(t);
    if (mirror === undefined) return;
    await using scratch = await temporaryDirectory();
    const place = { layout: join(scratch.path, 'image'), directory: scratch.path };
    const tar = await debianRootfs(mirror, suite, include);
    await ociLayout(place.layout, 'old', [tar]);

    const report = await fixTag(place, 'old', 'fixed');
    if (report.requested.length === 0) {
      assert.equal(report.task.status, 'success');
      return t.skip(`today the main suite of ${suite} lacks no fix`);
    }
    assertRepaired(report);
    t.diagnostic(`${report.upgrades.length} upgrades, layer of ${report.result?.layer.size} bytes`);
    assert.deepEqual(
      report.outcomes.filter(({ outcome }) => outcome !== 'fixed').map(({ package: of, detail }) => `${of}: ${detail}`),
      [],
      'everything that Debian has fixed is repaired without running a script',
    );

    await assertEqualsApt(place, 'fixed', report, { mirror, suite, layerTars: [tar] });
  });
}
