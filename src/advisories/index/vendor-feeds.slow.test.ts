import assert from 'node:assert/strict';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { advisoryWorld, type OsvDocument, refused } from '../../../test/support/advisory-world.ts';
import { toyAbout } from '../../../test/support/toy-about.ts';
import type { Ecosystem, InstalledPackage } from '../../ecosystems/index.ts';

/** Debian and Alpine with whole numbers as versions; packages say their ecosystem in place of an architecture. */
const ecosystems: readonly Ecosystem[] = (['Debian', 'Alpine'] as const).map((name) => ({
  ...{ id: name, types: [name === 'Debian' ? 'deb' : 'apk'], kind: 'cve' as const, about: toyAbout, catalogers: [] },
  versions: { id: 'numbers', valid: (version) => /^[0-9]+$/.test(version), compare: (a, b) => Number(a) - Number(b) },
  advisoryNames: [name],
  advisoryKeys: (pkg) => [{ ecosystem: pkg.arch ?? '', on: 'source', name: pkg.name, version: pkg.version }],
}));

function world(t: TestContext) {
  const made = advisoryWorld(t, { ecosystems });
  const { root, service, request } = made;
  const place = { source: null, locations: [], ownedBy: null, held: false };
  return {
    ...made,
    write(name: string, content: unknown, time = '2026-01-15T00:00:00Z'): string {
      const path = join(root, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
      utimesSync(path, new Date(time), new Date(time));
      return path;
    },
    /** Loads vendors' feeds only. */
    load: (more: Partial<ReturnType<typeof request>>) => {
      const { from: _from, ...rest } = request(more);
      return service.update(rest);
    },
    async found(ecosystem: string, name: string, version: string): Promise<string[]> {
      using index = await service.open();
      const type = ecosystem.startsWith('Debian') ? 'deb' : 'apk';
      const pkg: InstalledPackage = { purl: `pkg:${type}/${name}`, type, name, version, arch: ecosystem, ...place };
      return index
        .match([pkg], undefined)
        .matches.map(({ id, state, fixedVersion }) => `${id} ${state} ${fixedVersion}`);
    },
  };
}

const tracker = {
  p: {
    'CVE-2024-0001': {
      description: 'first line\nsecond',
      scope: 'remote',
      releases: {
        bookworm: { status: 'resolved', fixed_version: '5', urgency: 'low', repositories: { bookworm: '5' } },
        bullseye: { status: 'open', urgency: 'low**', nodsa: 'Minor issue', nodsa_reason: 'ignored' },
        trixie: { status: 'open', urgency: 'not yet assigned', nodsa: 'Minor issue', nodsa_reason: 'postponed' },
        sid: { status: 'resolved', fixed_version: '0', urgency: 'unimportant' },
        unheardof: { status: 'open', urgency: 'high' },
      },
    },
    'CVE-2024-0002': {
      releases: {
        bookworm: { status: 'undetermined', urgency: 'unimportant' },
        bullseye: { status: 'open', urgency: 'end-of-life', nodsa_reason: '' },
        trixie: { status: 'resolved', fixed_version: '7', urgency: 'unimportant', nodsa_reason: 'ignored' },
      },
    },
  },
  q: { 'CVE-2024-0001': { releases: { bookworm: { status: 'open', urgency: 'medium' } } } },
};

test('debian tracker: states of each release, one record for all packages', async (t) => {
  const { write, load, found, service } = world(t);
  const { snapshot } = await load({ debianTracker: write('tracker.json', tracker) });
  assert.deepEqual(
    snapshot.feeds.map(({ id, records, bad, modified }) => [id, records, bad, modified]),
    [['debian-tracker', 2, 0, '2026-01-15T00:00:00.000Z']],
  );
  assert.deepEqual(await found('Debian:12', 'p', '4'), ['CVE-2024-0001 fixed 5', 'CVE-2024-0002 unimportant null']);
  assert.deepEqual(await found('Debian:12', 'p', '5'), ['CVE-2024-0002 unimportant null']);
  assert.deepEqual(await found('Debian:11', 'p', '4'), [
    'CVE-2024-0001 will_not_fix null',
    'CVE-2024-0002 end_of_life null',
  ]);
  assert.deepEqual(await found('Debian:13', 'p', '4'), ['CVE-2024-0001 unfixed null', 'CVE-2024-0002 unimportant 7']);
  assert.deepEqual(await found('Debian:sid', 'p', '4'), []);
  assert.deepEqual(await found('Debian:12', 'q', '4'), ['CVE-2024-0001 unfixed null']);
  using index = await service.open();
  assert.deepEqual([index.covers('Debian:sid'), index.covers('Debian:unheardof')], [true, false]);
});

test('debian tracker: unchanged is seen, damage is refused and leaves the old data', async (t) => {
  const { write, load, found } = world(t);
  const path = write('tracker.json', tracker);
  await load({ debianTracker: path });
  assert.equal((await load({ debianTracker: path })).changed, false);
  for (const [content, code] of [
    ['{"p":{"CVE-2024-0001":{"releases":{', 'feed_invalid'],
    ['[]', 'feed_invalid'],
    [{}, 'feed_shrank'],
    [{ 'NOT A PACKAGE': {} }, 'feed_invalid'],
  ] as const) {
    await assert.rejects(
      load({ debianTracker: write('tracker.json', content) }),
      refused(code),
      JSON.stringify(content),
    );
  }
  await assert.rejects(load({ debianTracker: `${path}.none` }), refused('feed_unavailable'));
  assert.deepEqual(await found('Debian:12', 'p', '4'), ['CVE-2024-0001 fixed 5', 'CVE-2024-0002 unimportant null']);
});

test('debian tracker: odd entries are counted and left out', async (t) => {
  const { write, load, found } = world(t);
  const odd = {
    ...tracker,
    r: { 'not an id': { releases: {} }, 'CVE-2024-0003': 7, 'CVE-2024-0004': { releases: [] } },
    s: {
      'CVE-2024-0005': {
        releases: {
          bookworm: { status: 'resolved', fixed_version: 'a b' },
          bullseye: { status: 'new' },
          trixie: { status: 'open', urgency: '\u001b[31m' },
        },
      },
    },
  };
  const { snapshot } = await load({ debianTracker: write('tracker.json', odd) });
  assert.equal(snapshot.feeds[0]?.bad, 3);
  assert.deepEqual(await found('Debian:12', 's', '1'), []);
  assert.deepEqual(await found('Debian:11', 's', '1'), []);
  assert.deepEqual(await found('Debian:13', 's', '1'), ['CVE-2024-0005 unfixed null']);
});

const main = {
  ...{
    apkurl: '{{urlprefix}}/{{distroversion}}/{{reponame}}/{{arch}}/{{pkg.name}}-{{pkg.ver}}.apk',
    archs: ['x86_64'],
  },
  ...{ reponame: 'main', urlprefix: 'https://dl-cdn.alpinelinux.org/alpine', distroversion: 'v3.19' },
  packages: [
    {
      pkg: {
        name: 'p',
        secfixes: { '0': ['CVE-2024-0009'], '5': ['CVE-2024-0001', 'CVE-2024-0002 XSA-327'], '8': ['CVE-2024-0001'] },
      },
    },
    { pkg: { name: 'q', secfixes: [] } },
    { pkg: { name: 'r', secfixes: { '6': ['CVE-2024-0001', 'ALPINE-13661'] } } },
  ],
};

test('alpine secdb: fixes, never affected, several ids of one flaw', async (t) => {
  const { write, load, found, service } = world(t);
  const { snapshot } = await load({ alpineSecdb: [write('v3.19/main.json', main)] });
  assert.deepEqual(
    snapshot.feeds.map(({ id, records, bad }) => [id, records, bad]),
    [['alpine-secdb/v3.19/main', 4, 0]],
  );
  // Fixed, and fixed again later: the fix nearest above the version is shown.
  assert.deepEqual(await found('Alpine:v3.19', 'p', '4'), ['CVE-2024-0001 fixed 5', 'CVE-2024-0002 fixed 5']);
  assert.deepEqual(await found('Alpine:v3.19', 'p', '5'), ['CVE-2024-0001 fixed 8']);
  assert.deepEqual(await found('Alpine:v3.19', 'r', '5'), ['ALPINE-13661 fixed 6', 'CVE-2024-0001 fixed 6']);
  assert.deepEqual(await found('Alpine:v3.19', 'q', '1'), []);
  using index = await service.open();
  const place = { source: null, locations: [], ownedBy: null, held: false };
  const p = { purl: 'pkg:apk/p', type: 'apk', name: 'p', version: '4', arch: 'Alpine:v3.19', ...place };
  assert.deepEqual(index.match([p], undefined).matches[1]?.aliases, ['XSA-327']);
});

test('alpine secdb: folders of branches, each file a feed of its own', async (t) => {
  const { root, write, load, found } = world(t);
  write('secdb/v3.19/main.json', main);
  write('secdb/v3.19/community.json', { ...main, reponame: 'community', packages: main.packages.slice(2) });
  write('secdb/edge/main.json', { ...main, distroversion: 'edge' });
  write('secdb/v3.19/index.html', '<html>');
  const alpineSecdb = [join(root, 'secdb')];
  const { snapshot } = await load({ alpineSecdb });
  const ids = ['alpine-secdb/edge/main', 'alpine-secdb/v3.19/community', 'alpine-secdb/v3.19/main'];
  assert.deepEqual(
    snapshot.feeds.map(({ id }) => id),
    ids,
  );
  assert.equal((await load({ alpineSecdb })).changed, false);
  const fewer = {
    ...main,
    packages: [{ pkg: { name: 'p', secfixes: { '5': ['CVE-2024-0001'] } } }, ...main.packages.slice(2)],
  };
  const changed = await load({ alpineSecdb: [write('secdb/v3.19/main.json', fewer)], force: true });
  assert.deepEqual(
    changed.snapshot.feeds.map(({ id }) => id),
    ids,
    'others stay',
  );
  assert.deepEqual(await found('Alpine:v3.19', 'p', '4'), ['CVE-2024-0001 fixed 5']);
  assert.deepEqual(await found('Alpine:edge', 'p', '4'), ['CVE-2024-0001 fixed 5', 'CVE-2024-0002 fixed 5']);
});

test('alpine secdb: what is none is refused, odd entries are counted', async (t) => {
  const { root, write, load } = world(t);
  mkdirSync(join(root, 'empty'));
  for (const [content, code] of [
    ['{', 'feed_invalid'],
    ['[]', 'feed_invalid'],
    [{ ...main, distroversion: '../v3.19' }, 'feed_invalid'],
    [{ ...main, reponame: undefined }, 'feed_invalid'],
    [{ ...main, packages: {} }, 'feed_invalid'],
  ] as const) {
    await assert.rejects(load({ alpineSecdb: [write('v3.19/main.json', content)] }), refused(code));
  }
  await assert.rejects(load({ alpineSecdb: [join(root, 'empty')] }), refused('feed_unavailable'));
  const twice = [write('a.json', main), write('b.json', main)];
  await assert.rejects(load({ alpineSecdb: twice }), refused('feed_invalid'));
  const packages = [
    ...main.packages,
    7,
    { pkg: { name: '../x', secfixes: {} } },
    { pkg: { name: 's', secfixes: { 'one two': ['CVE-2024-0001'], '3': 'CVE', '4': [7, '', '\u001b'] } } },
  ];
  const { snapshot } = await load({ alpineSecdb: [write('a.json', { ...main, packages })] });
  assert.equal(snapshot.feeds[0]?.bad, 7);
});

function osv(modified: string, fixed: string): OsvDocument {
  const ranges = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }];
  return {
    id: 'DEBIAN-CVE-2024-0001',
    modified,
    affected: [{ package: { ecosystem: 'Debian:12', name: 'p' }, ranges }],
  };
}

test('of two feeds that know the same vulnerability of a package the newer record speaks', async (t) => {
  const { feed, write, service, request, load, found } = world(t);
  feed('Debian', [osv('2026-01-01T00:00:00Z', '9')]);
  await service.update(request());
  assert.deepEqual(await found('Debian:12', 'p', '7'), ['CVE-2024-0001 fixed 9']);
  await load({ debianTracker: write('tracker.json', tracker) });
  assert.deepEqual(await found('Debian:12', 'p', '7'), ['CVE-2024-0002 unimportant null'], 'the tracker is newer');
  feed('Debian', [osv('2026-01-20T00:00:00Z', '8')]);
  await service.update(request());
  assert.deepEqual(
    await found('Debian:12', 'p', '7'),
    ['CVE-2024-0001 fixed 8', 'CVE-2024-0002 unimportant null'],
    'the OSV record is newer',
  );
  await load({ debianTracker: write('tracker.json', { ...tracker, z: {} }, '2026-01-25T00:00:00Z') });
  assert.deepEqual(await found('Debian:12', 'p', '7'), ['CVE-2024-0002 unimportant null']);
  assert.deepEqual(
    await found('Debian:12', 'q', '7'),
    ['CVE-2024-0001 unfixed null'],
    'other packages are not touched',
  );
});
