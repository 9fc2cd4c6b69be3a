import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSecrets } from '../../src/detectors/secrets/detector.ts';
import type { SecretFacts } from '../../src/detectors/secrets/facts.ts';
import { ecosystems } from '../../src/ecosystems/index.ts';
import { fixedClock } from '../../src/kernel/index.ts';
import { examineImage } from '../../src/scan/examine-image.ts';
import { noAdvisories, noCache } from '../../src/scan/index.ts';
import { applicationPackages, debianRootfs } from '../support/debian-image.ts';
import { debianMirror } from '../support/debian-mirror.ts';
import { rootfsHandle } from '../support/rootfs-handle.ts';
import { needs } from '../support/system.ts';

/** Installing the server makes keys for the host, which every container of the image then shares: that is to be told. */
const hostKeys = ['ecdsa', 'ed25519', 'rsa'].map((kind) => `ssh_private_key etc/ssh/ssh_host_${kind}_key medium`);

/** More than other tests install, because it takes minutes: languages with their libraries. Only when asked. */
const languages = ['python3', 'nodejs', 'php-cli', 'openssh-server', 'postgresql-client', 'ruby', 'perl'];

const images = [
  ...['bullseye', 'bookworm', 'trixie'].map((suite) => ({ suite, packages: [], expected: [], always: true })),
  ...['bullseye', 'bookworm'].map((suite) => ({
    suite,
    packages: applicationPackages,
    expected: hostKeys,
    always: true,
  })),
  ...['bullseye', 'bookworm', 'trixie'].map((suite) => ({
    suite,
    packages: languages,
    expected: hostKeys,
    always: false,
  })),
];

for (const { suite, packages, expected, always } of images) {
  test(`a clean ${suite} with ${packages.length} packages has no sensitive files but those that are known`, async (t) => {
    const mirror = debianMirror();
    if (mirror === undefined) return t.skip('needs a Debian mirror (DRYDOCK_DEBIAN_MIRROR)');
    if (!needs(t, 'mmdebstrap')) return;
    if (!always && process.env.DRYDOCK_TEST_CLEAN === undefined)
      return t.skip('takes minutes: set DRYDOCK_TEST_CLEAN=1');
    const detector = createSecrets({ secretKey: Buffer.from('key'), secrets: { off: [], on: [] } });
    const now = new Date('2026-06-01T00:00:00Z');
    const { detected, layers } = await examineImage({
      ...{ image: rootfsHandle(await debianRootfs(mirror, suite, packages)), ecosystems, detectors: [detector] },
      ...{ index: noAdvisories(now), cache: noCache, clock: fixedClock(now) },
      ...{ signal: AbortSignal.timeout(300_000), progress() {} },
    });
    assert.deepEqual(detected.diagnostics, []);
    const told = (files: readonly { rule: string; path: string; level: string }[]): string[] =>
      files.map(({ rule, path, level }) => `${rule} ${path} ${level}`).sort();
    assert.deepEqual(told(detected.sensitive ?? []), expected);
    // The same without leaving out the files of packages: the rules are exact by themselves.
    const facts = layers[0]?.facts.get(detector.analyses[0]?.id ?? '') as SecretFacts;
    assert.deepEqual(told(facts.found), expected);
  });
}
