import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { FixReport, ScanReport } from '../../src/findings/index.ts';
import { vulnerabilitiesIn } from '../../src/findings/index.ts';
import { type CliWorld, cannotRunLoop, createCliWorld, debianLayout, digestOf } from '../support/cli-world.ts';
import { mustRun } from '../support/run.ts';

const repository = 'team/app';
const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const indexType = 'application/vnd.oci.image.index.v1+json';

describe('images that were fixed before, and images of several platforms', { skip: cannotRunLoop('openssl') }, () => {
  let world: CliWorld;
  let app: string;
  let layout: string;
  let key: string;
  /** Two small packages with a published fix. */
  let packages: readonly string[];

  before(async () => {
    world = await createCliWorld();
    app = `${world.host}/${repository}`;
    layout = await debianLayout(world.directory);
    await world.copy(`oci:${layout}:v1`, `docker://${app}:v1`);
    key = join(world.directory, 'key.pem');
    await mustRun('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', key]);
    const { stdout } = await world.run('scan', `${app}:v1`, '--json');
    packages = fixablePackages(JSON.parse(stdout) as ScanReport);
  });
  after(async () => world?.[Symbol.asyncDispose]());

  const fix = async (from: string, name: string | undefined, tag: string, ...more: string[]): Promise<FixReport> => {
    const { code, stdout, stderr } = await world.run(
      ...['fix', from, '--package', name ?? '', '--tag', tag, '--attach', 'provenance', '--json', ...more],
    );
    assert.ok(code === 0 || code === 4, `exit ${code}: ${stderr}`);
    return JSON.parse(stdout) as FixReport;
  };
  const layers = async (tag: string): Promise<readonly string[]> =>
    (await world.manifest(repository, tag)).json.layers.map(({ digest }: { digest: string }) => digest);

  test('fixing a fixed image again replaces our layer, and keeps what it had repaired', async () => {
    const first = await fix(`${app}:v1`, packages[0], 'first', '--sign-key', key);
    assert.equal((await layers('first')).length, 2);
    const second = await fix(`${app}:first`, packages[1], 'second', '--sign-key', key);
    const [base, ours, ...more] = await layers('second');
    assert.deepEqual([base, more.length], [(await layers('v1'))[0], 0]);
    assert.notEqual(ours, (await layers('first'))[1]);
    const { stdout } = await world.run('scan', `${app}:second`, '--json');
    const report = JSON.parse(stdout) as ScanReport;
    const versions = new Map(report.packages.map(({ name, version }) => [name, version]));
    for (const { name, to } of [...first.upgrades, ...second.upgrades]) assert.equal(versions.get(name), to, name);
  });

  test('without the journal, provenance signed with our key proves the layer ours', async () => {
    await rm(join(world.dataDirectory, 'fixes'), { recursive: true });
    await fix(`${app}:first`, packages[1], 'third', '--sign-key', key);
    assert.equal((await layers('third')).length, 2);
  });

  test('neither labels nor provenance of another key make us drop a layer', async () => {
    const other = join(world.directory, 'other.pem');
    await mustRun('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', other]);
    for (const [tag, ...options] of [['unsigned'], ['foreign', '--sign-key', other]]) {
      await rm(join(world.dataDirectory, 'fixes'), { recursive: true });
      await fix(`${app}:first`, packages[1], tag ?? '', ...options);
      const result = await layers(tag ?? '');
      assert.deepEqual(result.slice(0, 2), await layers('first'), 'all layers that were there are still there');
      assert.equal(result.length, 3);
    }
  });

  test("a user's layer on top of ours stays, and so does ours", async () => {
    await fix(`${app}:v1`, packages[0], 'base', '--sign-key', key, '--overwrite', 'always');
    const work = join(world.directory, 'derived');
    await world.copy(`docker://${app}:base`, `oci:${work}:base`);
    const content = join(world.directory, 'content');
    await mkdir(content);
    await writeFile(join(content, 'app.txt'), 'mine\n');
    await mustRun('umoci', ['insert', '--image', `${work}:base`, '--tag', 'derived', content, '/srv/app']);
    await world.copy(`oci:${work}:derived`, `docker://${app}:derived`);
    await fix(`${app}:derived`, packages[1], 'derived-fixed', '--sign-key', key);
    const [derived, fixed] = [await layers('derived'), await layers('derived-fixed')];
    assert.deepEqual(fixed.slice(0, -1), derived);
    assert.equal(fixed.length, 4);
  });

  test('one platform of an index is repaired; every other entry stays byte for byte', async () => {
    const { entries, raw } = await pushIndex('multi');
    const report = await fix(`${app}:multi`, packages[0], 'multi-fixed', '--platform', 'linux/amd64');
    const before = await world.manifest(repository, 'multi');
    const after = await world.manifest(repository, 'multi-fixed');
    assert.equal(before.bytes.toString(), raw);
    assert.notEqual(after.digest, before.digest);
    assert.equal(report.result?.indexDigest, after.digest);
    assert.equal(after.json.manifests[0].digest, report.result?.digest);
    assert.deepEqual(after.json.manifests[0].platform, { os: 'linux', architecture: 'amd64' });
    // As text: the same spelling, not only the same meaning.
    assert.ok(after.bytes.toString().includes(entries[1] ?? '–'), 'the other platform keeps its entry');
    assert.ok(after.bytes.toString().includes(entries[3] ?? '–'), 'and its attestation');
    assert.ok(
      !after.bytes.toString().includes(entries[2] ?? '–'),
      'what was attested of the replaced one is false now',
    );
    assert.equal(after.json['x-odd'], before.json['x-odd']);
  });

  test('with all platforms, one that cannot be repaired keeps its entry and is told', async () => {
    const { entries } = await pushIndex('mixed');
    const { code, stdout, stderr } = await world.run(
      ...['fix', `${app}:mixed`, '--package', packages[0] ?? '', '--tag', 'mixed-fixed', '--platform', 'all', '--json'],
    );
    assert.ok(code === 0 || code === 4, `exit ${code}: ${stderr}`);
    const report = JSON.parse(stdout) as FixReport;
    const after = await world.manifest(repository, 'mixed-fixed');
    assert.equal(after.json.manifests[0].digest, report.result?.digest);
    assert.ok(after.bytes.toString().includes(entries[1] ?? '–'));
  });

  /** An index of the real image, a foreign platform with nothing to repair in it, and an attestation of each. */
  async function pushIndex(tag: string): Promise<{ raw: string; entries: readonly string[] }> {
    const amd64 = await world.manifest(repository, 'v1');
    const plain = Buffer.alloc(1024);
    const layer = gzipSync(plain);
    const empty = {
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      digest: digestOf(layer),
      size: layer.length,
    };
    await upload(layer);
    const scratch = async (platform: { os: string; architecture: string }, comment = '') => {
      const config = Buffer.from(
        JSON.stringify({ ...platform, comment, config: {}, rootfs: { type: 'layers', diff_ids: [digestOf(plain)] } }),
      );
      await upload(config);
      const descriptor = {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: digestOf(config),
        size: config.length,
      };
      return put(
        JSON.stringify({ schemaVersion: 2, mediaType: manifestType, config: descriptor, layers: [empty] }),
        manifestType,
      );
    };
    const arm64 = await scratch({ os: 'linux', architecture: 'arm64' });
    const entry = ({ digest, size }: { digest: string; size: number }, platform: string, more = ''): string =>
      `{"mediaType":"${manifestType}", "digest":"${digest}","size":${size},"platform":${platform}${more}}`;
    const entries = [
      entry({ digest: amd64.digest, size: amd64.bytes.length }, '{"os":"linux","architecture":"amd64"}'),
      entry(arm64, '{"architecture":"arm64" ,"os":"linux"}', ',"annotations":{"note":"caf\\u00e9"}'),
    ];
    for (const { digest } of [amd64, arm64]) {
      const statement = await scratch({ os: 'unknown', architecture: 'unknown' }, digest);
      const about = `,"annotations":{"vnd.docker.reference.type":"attestation-manifest","vnd.docker.reference.digest":"${digest}"}`;
      entries.push(entry(statement, '{"architecture":"unknown","os":"unknown"}', about));
    }
    const raw = `{"schemaVersion":2, "mediaType":"${indexType}","x-odd":1.0e1,"manifests":[${entries.join(' , ')}]}`;
    await put(raw, indexType, tag);
    return { raw, entries };
  }

  async function upload(bytes: Buffer): Promise<void> {
    const begun = await world.send('POST', `${repository}/blobs/uploads/`);
    const place = new URL(begun.headers.get('location') ?? '', `http://${world.host}`);
    place.searchParams.set('digest', digestOf(bytes));
    const done = await world.send('PUT', place.href, bytes, 'application/octet-stream');
    assert.equal(done.status, 201, await done.text());
  }

  async function put(text: string, type: string, tag?: string): Promise<{ digest: string; size: number }> {
    const bytes = Buffer.from(text);
    const done = await world.send('PUT', `${repository}/manifests/${tag ?? digestOf(bytes)}`, bytes, type);
    assert.equal(done.status, 201, await done.text());
    return { digest: digestOf(bytes), size: bytes.length };
  }
});

/** Names of two packages with a published fix, small ones where the release still has them. */
function fixablePackages(report: ScanReport): readonly string[] {
  const names = new Map(report.packages.map(({ purl, name }) => [purl, name]));
  const fixable = new Set(
    vulnerabilitiesIn(report)
      .filter(({ kind, state }) => kind === 'cve' && state === 'fixed')
      .map((finding) => names.get(finding.package) ?? ''),
  );
  const wanted = ['libtasn1-6', 'liblzma5', 'gpgv', ...fixable].filter((name) => fixable.has(name));
  assert.ok(wanted.length >= 2);
  return wanted.slice(0, 2);
}
