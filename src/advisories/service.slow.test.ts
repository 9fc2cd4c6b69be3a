import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { advisoryWorld, idsOf, osvDocument, refused, snapshotFile } from '../../test/support/advisory-world.ts';
import type { HttpFetcher } from './ports.ts';

const signal = new AbortController().signal;

test('service: the bundled facts answer before the first update', async (t) => {
  const { service } = advisoryWorld(t);
  using index = await service.open();
  assert.equal(index.snapshot.origin, 'bundled');
  assert.equal(index.snapshot.createdAt, '2025-01-01T00:00:00Z');
  assert.deepEqual([index.covers('Debian:12'), index.covers('Debian:13')], [true, false]);
  assert.deepEqual(await idsOf(service), ['CVE-2020-0001']);
  assert.deepEqual(await idsOf(service, '5'), []);
  assert.equal((await service.status()).active, null);
});

test('service: an update replaces the facts; the same feed again changes nothing', async (t) => {
  const { service, feed, request } = advisoryWorld(t);
  feed('Debian', [osvDocument(1, '9'), osvDocument(2, '3')]);
  const first = await service.update(request());
  assert.equal(first.changed, true);
  assert.deepEqual(first.snapshot.sources, [
    { id: 'osv/Debian', records: 2, modified: '2026-01-01T00:00:00Z', bulk: '2026-01-01T00:00:00.000Z' },
  ]);
  assert.deepEqual(await idsOf(service), ['CVE-2024-0001']);
  const again = await service.update(request());
  assert.equal(again.changed, false);
  assert.equal(again.snapshot.id, first.snapshot.id);
  assert.ok(again.snapshot.checkedAt > first.snapshot.checkedAt);
});

test('service: two snapshots are kept, feeds that are not asked for stay', async (t) => {
  const { service, feed, request, root } = advisoryWorld(t);
  feed('Debian', [osvDocument(1, '9')]);
  feed('Rocky Linux', [osvDocument(7, '9')]);
  for (const fixed of ['9', '8', '7']) {
    feed('Debian', [osvDocument(1, fixed, `2026-01-0${10 - Number(fixed)}T00:00:00Z`)]);
    await service.update(request(fixed === '9' ? {} : { only: ['Debian'] }));
  }
  const { active, previous } = await service.status();
  assert.deepEqual(
    active?.sources.map((source) => source.id),
    ['osv/Debian', 'osv/Rocky Linux'],
  );
  const files = readdirSync(join(root, 'data', 'snapshots')).sort();
  assert.deepEqual(files, [active?.id, previous?.id].map((id) => snapshotFile(id ?? '')).sort());
});

test('service: KEV and EPSS are joined, plain and compressed, and kept by later updates', async (t) => {
  const { service, feed, request, root } = advisoryWorld(t);
  feed('Debian', [osvDocument(1, '9'), osvDocument(2, '9')]);
  const kev = join(root, 'kev.json');
  writeFileSync(
    kev,
    JSON.stringify({ dateReleased: '2026-01-05T00:00:00Z', vulnerabilities: [{ cveID: 'CVE-2024-0001' }] }),
  );
  const epss = join(root, 'epss.csv.gz');
  const scores =
    '#model_version:v1,score_date:2026-01-06T00:00:00+0000\ncve,epss,percentile\nCVE-2024-0002,0.5,0.9\nnonsense\n';
  writeFileSync(epss, gzipSync(scores));
  await service.update(request({ kev, epss }));
  feed('Debian', [osvDocument(1, '9'), osvDocument(2, '9'), osvDocument(3, '9', '2026-01-09T00:00:00Z')]);
  const { snapshot } = await service.update(request());
  const lists = snapshot.feeds.filter((state) => !state.id.startsWith('osv/'));
  assert.deepEqual(
    lists.map(({ id, records, bad, modified }) => [id, records, bad, modified]),
    [
      ['epss', 1, 1, '2026-01-06T00:00:00.000Z'],
      ['kev', 1, 0, '2026-01-05T00:00:00.000Z'],
    ],
  );
  using index = await service.open();
  const place = { arch: null, source: null, locations: [], ownedBy: null, held: false };
  const { matches } = index.match(
    [{ purl: 'pkg:deb/debian/p@4', type: 'deb', name: 'p', version: '4', ...place }],
    undefined,
  );
  assert.deepEqual(
    matches.map(({ id, kev, epss }) => [id, kev, epss?.score ?? null]),
    [
      ['CVE-2024-0001', true, null],
      ['CVE-2024-0002', false, 0.5],
      ['CVE-2024-0003', false, null],
    ],
  );
});

test('service: a feed that shrank or went back in time is refused unless forced', async (t) => {
  const { service, feed, request } = advisoryWorld(t);
  const many = Array.from({ length: 10 }, (_, index) => osvDocument(index + 1, '9'));
  feed('Debian', many);
  await service.update(request());
  feed('Debian', many.slice(0, 7));
  await assert.rejects(service.update(request()), refused('feed_shrank'));
  feed(
    'Debian',
    many.map((item) => ({ ...item, modified: '2025-12-31T00:00:00Z' })),
  );
  await assert.rejects(service.update(request()), refused('feed_older'));
  assert.equal((await idsOf(service)).length, 10);
  feed('Debian', many.slice(0, 7));
  await service.update(request({ force: true }));
  assert.equal((await idsOf(service)).length, 7);
});

test('service: a running update excludes another, a dead one does not', async (t) => {
  const { service, feed, request, root } = advisoryWorld(t);
  feed('Debian', [osvDocument(1, '9')]);
  await service.update(request());
  const lock = join(root, 'data', 'update.lock');
  writeFileSync(lock, String(process.pid));
  const soon = new Date('2026-02-01T00:00:00Z');
  utimesSync(lock, soon, soon);
  await assert.rejects(service.update(request()), refused('update_running'));
  writeFileSync(lock, '2147483646');
  assert.equal((await service.update(request())).changed, false);
});

test('service: a list of changes is followed instead of the whole archive', async (t) => {
  const served = new Map<string, string | Buffer>();
  const asked: string[] = [];
  const http: HttpFetcher = {
    get: async (url) => {
      asked.push(decodeURIComponent(url.pathname));
      const content = served.get(decodeURIComponent(url.pathname));
      const body = (async function* () {
        yield Buffer.from(content ?? '');
      })();
      return { status: content === undefined ? 404 : 200, header: () => undefined, body, cancel: async () => {} };
    },
  };
  const { service, feed, from, request } = advisoryWorld(t, { http });
  feed('Debian', [osvDocument(1, '9'), osvDocument(2, '9')]);
  served.set('/osv/ecosystems.txt', 'Debian\nDebian:12\nGIT\n');
  served.set('/osv/Debian/all.zip', readFileSync(join(from, 'Debian', 'all.zip')));
  const remote = request({ from: 'https://user:secret@feeds.example/osv' });
  const { snapshot } = await service.update(remote);
  assert.equal(snapshot.feeds[0]?.base, 'https://feeds.example/osv');
  served.set('/osv/Debian/modified_id.csv', '2026-01-03T00:00:00Z,CVE-2024-0003\n2025-01-01T00:00:00Z,CVE-2024-0001\n');
  served.set('/osv/Debian/CVE-2024-0003.json', JSON.stringify(osvDocument(3, '9', '2026-01-03T00:00:00Z')));
  asked.length = 0;
  assert.equal((await service.update(remote)).changed, true);
  assert.deepEqual(asked, ['/osv/ecosystems.txt', '/osv/Debian/modified_id.csv', '/osv/Debian/CVE-2024-0003.json']);
  assert.deepEqual(await idsOf(service), ['CVE-2024-0001', 'CVE-2024-0002', 'CVE-2024-0003']);
});

test('service: a damaged index is told as such, whichever part is hit', async (t) => {
  const { service, feed, request, root } = advisoryWorld(t);
  feed('Debian', [osvDocument(1, '9')]);
  const { snapshot } = await service.update(request());
  const file = join(root, 'data', 'snapshots', snapshotFile(snapshot.id));
  const whole = readFileSync(file);
  const page = 8192;
  let refusals = 0;
  for (let start = page; start < whole.length; start += page) {
    writeFileSync(file, Buffer.from(whole).fill(0xff, start, start + page));
    await idsOf(service).catch((error) => {
      refused('index_invalid')(error);
      refusals++;
    });
  }
  writeFileSync(file, whole.subarray(0, page));
  await assert.rejects(idsOf(service), refused('index_invalid'));
  assert.ok(refusals > 4, `${refusals} pages matter`);
});

test('service: an index whose columns hold something else is refused as damaged', async (t) => {
  for (const change of [
    `fixed = NULL, ranges = '[[["introduced",5]]]'`,
    `fixed = NULL, ranges = '{"a":1}'`,
    `fixed = NULL, ranges = '[['`,
    `fixed = x'00'`,
  ]) {
    const { service, feed, request, root } = advisoryWorld(t);
    feed('Debian', [osvDocument(1, '9')]);
    const { snapshot } = await service.update(request());
    using database = new DatabaseSync(join(root, 'data', 'snapshots', snapshotFile(snapshot.id)));
    database.exec(`UPDATE fact SET ${change}`);
    await assert.rejects(idsOf(service), refused('index_invalid'), change);
  }
});

test('bundle: exported, signed and imported elsewhere; older ones are refused', async (t) => {
  const { service, serviceAt, feed, request, root } = advisoryWorld(t);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const signKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const verifyKey = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const [older, newer] = [join(root, 'older.bundle'), join(root, 'newer.bundle')];
  await assert.rejects(service.exportBundle(older), refused('no_snapshot'));
  feed('Debian', [osvDocument(1, '9')]);
  await service.update(request());
  await service.exportBundle(older);
  feed('Debian', [osvDocument(1, '9'), osvDocument(2, '9', '2026-01-02T00:00:00Z')]);
  const { snapshot } = await service.update(request());
  await service.exportBundle(newer, { signKey });

  const other = serviceAt('other');
  await assert.rejects(other.importBundle(older, { verifyKey, signal }), refused('bundle_signature'));
  const imported = await other.importBundle(newer, { verifyKey, signal });
  assert.deepEqual([imported.snapshot.id, imported.snapshot.origin], [snapshot.id, 'imported']);
  assert.deepEqual(await idsOf(other), ['CVE-2024-0001', 'CVE-2024-0002']);
  assert.equal((await other.importBundle(newer, { verifyKey, signal })).changed, false);
  await assert.rejects(other.importBundle(older, { signal }), refused('bundle_rollback'));
  assert.equal((await idsOf(other)).length, 2);
  await other.importBundle(older, { allowRollback: true, signal });
  assert.equal((await idsOf(other)).length, 1);
});

test('bundle: keys of another kind are refused with a hint', async (t) => {
  const { service, feed, request, root } = advisoryWorld(t);
  feed('Debian', [osvDocument(1, '9')]);
  await service.update(request());
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  const file = join(root, 'x.bundle');
  await assert.rejects(service.exportBundle(file, { signKey: rsa.toString() }), refused('key_invalid'));
  await assert.rejects(service.exportBundle(file, { signKey: 'no key' }), refused('key_invalid'));
});
