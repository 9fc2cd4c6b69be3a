import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { FixReport, ScanReport } from '../../src/findings/index.ts';
import { vulnerabilitiesIn } from '../../src/findings/index.ts';
import { type CliWorld, cannotRunLoop, createCliWorld, debianLayout, editConfig } from '../support/cli-world.ts';
import { drydock } from '../support/drydock.ts';
import { validator } from '../support/json-schemas.ts';
import { openVexProblems } from '../support/openvex-rules.ts';
import { mustRun } from '../support/run.ts';

const repository = 'team/app';
/** Members and spellings that nobody writes, but that a fix has to leave as they are. */
const oddStart = '{ "x-vendor" : { "weight" : 1.50e1, "name":"caf\\u00e9" },\n ';
const oddConfig = (text: string): string =>
  text.replace('{', oddStart).replace('"config":{', '"config" : {"User":"1000:1000","StopSignal":"SIGQUIT",');

describe('scan, fix, push and prove in a registry that asks for credentials', {
  skip: cannotRunLoop('openssl'),
}, () => {
  let world: CliWorld;
  let app: string;
  let layout: string;
  let key: string;
  let before1: ScanReport;
  let fixed: FixReport;

  const readJson = async <T>(name: string): Promise<T> =>
    JSON.parse(await readFile(join(world.directory, name), 'utf8')) as T;
  const scan = async (reference: string, name: string): Promise<ScanReport> => {
    const { code, stderr } = await world.run('scan', reference, '-o', `json=${join(world.directory, name)}`);
    assert.equal(code, 0, stderr);
    return readJson(name);
  };

  before(async () => {
    world = await createCliWorld();
    app = `${world.host}/${repository}`;
    layout = await debianLayout(world.directory);
    await editConfig(layout, oddConfig);
    await world.copy(`oci:${layout}:v1`, `docker://${app}:v1`);
    key = join(world.directory, 'key.pem');
    await mustRun('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', key]);
  });
  after(async () => world?.[Symbol.asyncDispose]());

  test('the scan finds what is published against the release', async () => {
    before1 = await scan(`${app}:v1`, 'before.json');
    assert.deepEqual(validator('report')(before1), []);
    assert.ok(before1.counts.cve.total > 50, 'Debian 11 without its fixes has many');
  });

  test('a plan tells what would be done and touches nothing', async () => {
    const { code, stdout, stderr } = await world.run('fix', `${app}:v1`, '--all-fixable', '--plan');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /\d+ upgrades fix \d+ of \d+ requested vulnerabilities \(\d+ findings in \d+ packages\)/);
    assert.match(stdout, /Nothing was built: this is only the plan\.\n$/);
    assert.deepEqual(await tags(), ['v1']);
    const json = await world.run('fix', `${app}:v1`, '--all-fixable', '--plan', '--json');
    const view = JSON.parse(json.stdout);
    assert.deepEqual([view.schemaVersion, view.target], [1, `${app}:v1-fixed`]);
    assert.ok(view.plan.upgrades.every((upgrade: { sha256: string }) => /^[0-9a-f]{64}$/.test(upgrade.sha256)));
  });

  test('everything fixable is fixed under a new tag, and the rescan agrees', async () => {
    const { code, stdout, stderr } = await world.run(
      ...['fix', `${app}:v1`, '--all-fixable', '--tag-suffix', '-fixed', '--sign-key', key],
      ...['-o', 'table', '-o', `json=${join(world.directory, 'fix.json')}`],
    );
    assert.equal(code, 0, stderr);
    assert.match(stdout, /Fixed and proven: \d+ of \d+ requested/);
    fixed = await readJson('fix.json');
    assert.deepEqual(validator('fix-report')(fixed), []);
    assert.equal((await world.manifest(repository, 'v1-fixed')).digest, fixed.result?.digest);

    const afterwards = await scan(`${app}:v1-fixed`, 'after.json');
    const left = new Set(
      vulnerabilitiesIn(afterwards).map(({ id, package: purl }) => `${id} ${purl.replace(/@.*/, '')}`),
    );
    for (const { id, package: name } of fixed.outcomes.filter(({ outcome }) => outcome === 'fixed')) {
      assert.ok(!left.has(`${id} pkg:deb/debian/${name}`), `${id} in ${name}`);
    }
    assert.equal(afterwards.counts.cve.total, fixed.counts.after?.total);
    assert.equal(before1.counts.cve.total, fixed.counts.before.total);
  });

  test('skopeo and umoci can use the result, and dpkg finds it sound', async () => {
    const pulled = join(world.directory, 'pulled');
    await world.copy(`docker://${app}:v1-fixed`, `oci:${pulled}:fixed`);
    await mustRun('umoci', ['unpack', '--image', `${pulled}:fixed`, join(world.directory, 'bundle')]);
    const root = `--root=${join(world.directory, 'bundle/rootfs')}`;
    for (const check of ['--audit', '--verify']) {
      assert.equal((await mustRun('dpkg', [root, check])).stdout, '', check);
    }
    assert.equal((await scan(`oci:${pulled}:fixed`, 'pulled.json')).counts.cve.total, fixed.counts.after?.total);
  });

  test('the config differs in the documented members only, down to the byte', async () => {
    const [old, patched] = [await world.manifest(repository, 'v1'), await world.manifest(repository, 'v1-fixed')];
    const oldText = (await world.blob(repository, old.json.config.digest)).toString();
    const newText = (await world.blob(repository, patched.json.config.digest)).toString();
    assert.ok(oldText.startsWith(oddStart) && newText.startsWith(oddStart), 'unknown members keep their spelling');
    const [was, is] = [JSON.parse(oldText), JSON.parse(newText)];
    assert.equal(is.rootfs.diff_ids.length, was.rootfs.diff_ids.length + 1);
    assert.equal(is.history.length, was.history.length + 1);
    assert.deepEqual(is.rootfs.diff_ids.slice(0, -1), was.rootfs.diff_ids);
    assert.deepEqual(is.history.slice(0, -1), was.history);
    const labels = Object.keys(is.config.Labels);
    assert.ok(labels.length > 0 && labels.every((name) => name.startsWith('io.drydock.fix.')), String(labels));
    // Compared as text, so that the order of members counts.
    const rest = (config: typeof was): string => {
      const { Labels: _, ...inner } = config.config;
      return JSON.stringify({ ...config, config: inner, rootfs: 0, history: 0, created: 0 });
    };
    assert.equal(rest(is), rest(was));
    assert.deepEqual(patched.json.layers.slice(0, -1), old.json.layers);
  });

  test('the evidence is found by the fallback tag, valid and signed', async () => {
    const subject = fixed.result?.digest ?? '';
    const index = await world.manifest(repository, subject.replace(':', '-'));
    const found = new Map<string, string[]>();
    for (const { digest } of index.json.manifests) {
      const manifest = await world.manifest(repository, digest);
      assert.equal(manifest.json.subject.digest, subject);
      const text = (await world.blob(repository, manifest.json.layers[0].digest)).toString();
      const type: string = manifest.json.artifactType;
      found.set(type, [...(found.get(type) ?? []), text]);
    }
    const [sbom] = found.get('application/vnd.cyclonedx+json') ?? [];
    assert.deepEqual(validator('cyclonedx')(JSON.parse(sbom ?? '')), []);
    const statements = (found.get('application/vnd.in-toto+json') ?? []).map((text) => opened(text));
    const publicKey = createPublicKey(await readFile(key));
    for (const { signed, signature } of statements) assert.ok(verify(null, signed, publicKey, signature));
    const byType = new Map(statements.map(({ statement }) => [statement.predicateType, statement]));
    const provenance = byType.get('https://slsa.dev/provenance/v1');
    assert.ok(provenance, [...byType.keys()].join());
    for (const { subject: subjects } of byType.values()) {
      assert.equal(`sha256:${subjects[0].digest.sha256}`, subject);
    }
    const vex = [...byType.entries()].find(([type]) => type.includes('openvex'))?.[1];
    assert.deepEqual(openVexProblems(vex.predicate), []);
    assert.deepEqual([...byType].length, 2);
  });

  test('who has no credentials learns that (6), and so who names what is not there (7)', async () => {
    const anonymous = await drydock(['scan', `${app}:v1`], {
      dataDirectory: world.dataDirectory,
      env: world.anonymous,
    });
    assert.equal(anonymous.code, 6, anonymous.stderr);
    assert.match(anonymous.stderr, /→ Log in/);
    for (const reference of [`${app}:v2`, `${world.host}/nobody/nothing:v1`, `oci:${world.directory}/nothing`]) {
      const { code, stderr } = await world.run('scan', reference);
      assert.equal(code, 7, `${reference}: ${stderr}`);
    }
  });

  test('an existing tag moves only as the policy allows', async () => {
    const again = (tag: string, ...more: string[]) => {
      const [name = ''] = small(before1);
      return world.run('fix', `${app}:v1`, '--package', name, '--tag', tag, '--attach', 'none', '--json', ...more);
    };
    const refused = await again('v1-fixed');
    assert.equal(refused.code, 1, refused.stderr);
    assert.match(refused.stderr, /the tag v1-fixed exists already\n(.*\n)* {2}→ .*--overwrite ours/);
    assert.equal((await world.manifest(repository, 'v1-fixed')).digest, fixed.result?.digest);

    await world.copy(`docker://${app}:v1`, `docker://${app}:theirs`);
    const foreign = await again('theirs', '--overwrite', 'ours');
    assert.equal(foreign.code, 1, foreign.stderr);
    const always = await again('theirs', '--overwrite', 'always');
    assert.ok([0, 4].includes(always.code ?? -1), always.stderr);
    const { result } = JSON.parse(always.stdout) as FixReport;
    assert.equal((await world.manifest(repository, 'theirs')).digest, result?.digest);
    const ours = await again('v1-fixed', '--overwrite', 'ours');
    assert.ok([0, 4].includes(ours.code ?? -1), ours.stderr);
    const moved = (JSON.parse(ours.stdout) as FixReport).result;
    assert.equal((await world.manifest(repository, 'v1-fixed')).digest, moved?.digest);
    const source = await again('v1');
    assert.equal(source.code, 2, 'the tag of the source is no place for the result');
  });

  test('one named vulnerability is fixed; one that is not there is named', async () => {
    const [, id = ''] = small(before1);
    const { code, stdout, stderr } = await world.run(
      ...['fix', `${app}:v1`, '--cve', `${id},CVE-1999-0001`, '--tag', 'one', '--attach', 'none'],
    );
    assert.equal(code, 0, stderr);
    assert.match(stdout, /1 of 2 requested vulnerabilities/);
    assert.match(stdout, /Not in this image: 1\n\n +CVE-1999-0001\n/);
    const nothing = await world.run('fix', `${app}:v1`, '--cve', 'CVE-1999-0001', '--tag', 'none');
    assert.equal(nothing.code, 0, nothing.stderr);
    assert.match(nothing.stdout, /Nothing to fix\n[\s\S]*CVE-1999-0001\n/);
    assert.ok(!(await tags()).includes('none'), 'nothing to fix makes no tag');
  });

  test('all or nothing: one vulnerability without a fix keeps everything as it was', async () => {
    const open = vulnerabilitiesIn(before1).find(
      ({ kind, state }) => kind === 'cve' && state !== 'fixed' && state !== 'unimportant',
    );
    assert.ok(open, 'an old release has open vulnerabilities');
    const [, id = ''] = small(before1);
    const all = await world.run('fix', `${app}:v1`, '--cve', id, open.id, '--tag', 'all', '--json');
    assert.equal(all.code, 4, all.stderr);
    const report = JSON.parse(all.stdout) as FixReport;
    assert.equal(report.task.reason?.code, 'all_or_nothing_unmet');
    assert.equal(report.result, null);
    assert.ok(report.outcomes.every(({ outcome }) => outcome !== 'fixed'));
    assert.ok(!(await tags()).includes('all'));
  });

  test('severities select; the rest is told by reason', async () => {
    const { code, stdout, stderr } = await world.run(
      ...['fix', `${app}:v1`, '--severity', 'critical,high', '--tag', 'severe', '--attach', 'none', '--json'],
    );
    assert.ok(code === 0 || code === 4, stderr);
    const report = JSON.parse(stdout) as FixReport;
    const wanted = new Set(
      vulnerabilitiesIn(before1)
        .filter(({ severity, state }) => ['critical', 'high'].includes(severity.level) && state !== 'unimportant')
        .map(({ id }) => id),
    );
    assert.deepEqual([...report.requested], [...wanted].sort());
    assert.equal(
      code === 0,
      report.outcomes.every(({ outcome }) => ['fixed', 'not_affected'].includes(outcome)),
    );
  });

  test('into another repository of the registry: layers are mounted, the tag comes last', async () => {
    const [name = ''] = small(before1);
    const { code, stderr } = await world.run(
      ...['fix', `${app}:v1`, '--package', name, '--tag', 'v1', '--output', `${world.host}/other/place`],
      ...['--attach', 'none', '-q'],
    );
    assert.ok(code === 0 || code === 4, stderr);
    const copy = await world.manifest('other/place', 'v1');
    const source = await world.manifest(repository, 'v1');
    assert.deepEqual(copy.json.layers.slice(0, -1), source.json.layers);
    await world.copy(`docker://${world.host}/other/place:v1`, `oci:${join(world.directory, 'other')}:v1`);
  });

  test('from a docker archive into a layout, and a bare root file system can be scanned', async () => {
    const archive = join(world.directory, 'image.tar');
    await world.copy(`oci:${layout}:v1`, `docker-archive:${archive}:team/app:v1`);
    const [name = ''] = small(before1);
    const without = await world.run('fix', `archive:${archive}`, '--package', name, '--tag', 'v1');
    assert.equal(without.code, 2, without.stderr);
    assert.match(without.stderr, /→ .*--output oci:DIR/);
    const out = join(world.directory, 'out');
    const { code, stderr } = await world.run(
      ...['fix', `archive:${archive}`, '--package', name, '--tag', 'v1', '--output', `oci:${out}`],
    );
    assert.ok(code === 0 || code === 4, stderr);
    await mustRun('umoci', ['unpack', '--image', `${out}:v1`, join(world.directory, 'out-bundle')]);
    const rootfs = join(world.directory, 'bundle/rootfs');
    assert.ok(existsSync(rootfs));
    assert.equal((await scan(`dir:${rootfs}`, 'dir.json')).counts.cve.total, fixed.counts.after?.total);
  });

  test('nothing is left in the working area', async () => {
    await mkdir(join(world.dataDirectory, 'blobs/incoming'), { recursive: true });
    const { stdout } = await mustRun('find', [world.dataDirectory, '-path', '*incoming/*']);
    assert.equal(stdout, '');
    assert.ok(!(await tags()).some((tag) => tag.startsWith('drydock-tmp-')));
  });

  async function tags(): Promise<readonly string[]> {
    const { tags } = (await (await world.get(`${repository}/tags/list`)).json()) as { tags: string[] };
    return tags.filter((tag) => !tag.startsWith('sha256-')).sort();
  }
});

/** Name of a small package with a published fix, and an id that this fixes: cheap to repair again and again. */
function small(report: ScanReport): readonly [name: string, id: string] {
  const names = new Map(report.packages.map(({ purl, name }) => [purl, name]));
  const fixable = vulnerabilitiesIn(report).filter(({ kind, state }) => kind === 'cve' && state === 'fixed');
  const wanted = ['libtasn1-6', 'liblzma5', 'gpgv'];
  const found = fixable.find((finding) => wanted.includes(names.get(finding.package) ?? '')) ?? fixable[0];
  assert.ok(found, 'something is fixable');
  return [names.get(found.package) ?? '', found.id];
}

/** A DSSE envelope, opened by the rules of its specification. */
function opened(text: string) {
  const { payload, payloadType, signatures } = JSON.parse(text);
  const body = Buffer.from(payload, 'base64');
  const signed = Buffer.concat([
    Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${body.length} `),
    body,
  ]);
  return { signed, signature: Buffer.from(signatures[0].sig, 'base64'), statement: JSON.parse(body.toString()) };
}
