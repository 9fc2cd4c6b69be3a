import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { temporaryDirectory } from '../support/debian-image.ts';
import { drydock } from '../support/drydock.ts';
import { validator } from '../support/json-schemas.ts';
import { writeLayout } from '../support/layout-files.ts';
import { buildTestImage, tar } from '../support/test-image.ts';
import { zipArchive } from '../support/zip-archive.ts';

/** The standard test file, in two parts so that nothing takes this file for it. */
const eicar = `X5O!P%@AP[4\\PZX54(P^)7CC)7}$${'EICAR'}-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`;

/** Values that must not leave the image, made anew for each run. */
const password = `Canary${randomBytes(9).toString('hex')}`;
const accessKey = `LTAI5t${randomBytes(9).toString('hex')}`;
const secretKey = randomBytes(15).toString('hex');

const files = {
  'etc/os-release': 'ID=debian\nVERSION_ID=12\n',
  'etc/passwd': 'root:x:0:0:root:/root:/bin/bash\nguest::1000:1000::/home/guest:/bin/sh\n',
  'etc/group': 'root:x:0:\n',
  'var/lib/dpkg/status':
    'Package: redis-server\nStatus: install ok installed\nVersion: 99:1\nArchitecture: amd64\nMaintainer: nobody\n',
  'usr/bin/redis-server': { content: 'stands for a program', mode: 0o755 },
  'etc/redis/redis.conf': `bind 0.0.0.0\nprotected-mode no\nmasterauth ${password}\n`,
  'opt/app/lib.jar': zipArchive([{ name: 'inner.jar', content: zipArchive([{ name: 'a.txt', content: eicar }]) }]),
  'root/deploy.sh': `export ALIBABA_ACCESS_KEY_ID=${accessKey}\nexport ALIBABA_ACCESS_KEY_SECRET=${secretKey}\n`,
};

describe('detectors on the command line', () => {
  let scratch: Awaited<ReturnType<typeof temporaryDirectory>>;
  const run = (...args: string[]) => drydock(args, { dataDirectory: join(scratch.path, 'data') });
  // biome-ignore lint/suspicious/noExplicitAny: tests read documents by their published form
  let report: any;
  let image: string;

  before(async () => {
    scratch = await temporaryDirectory();
    const layers = [tar(files), tar({ 'root/.wh.deploy.sh': '' })];
    const history = [
      { created_by: 'RUN /bin/sh -c apt-get update # buildkit' },
      { created_by: 'RUN /bin/sh -c rm /root/deploy.sh # buildkit' },
    ];
    const built = buildTestImage(layers, { config: { history, config: { Env: [`DB_PASSWORD=${password}`] } } });
    await writeLayout(join(scratch.path, 'layout'), built);
    image = `oci:${join(scratch.path, 'layout')}`;
  });
  after(async () => scratch[Symbol.asyncDispose]());

  const named = (kind: string): string[] =>
    report.findings.filter((finding: { kind: string }) => finding.kind === kind).map(({ id }: { id: string }) => id);

  test('one scan finds all kinds, by the published form', async () => {
    const file = join(scratch.path, 'report.json');
    const { code, stderr } = await run('scan', image, '--scanners', 'all', '-o', `json=${file}`, '-o', 'table');
    assert.deepEqual([code, stderr], [0, '']);
    report = JSON.parse(await readFile(file, 'utf8'));
    assert.deepEqual(validator('report')(report), []);
    assert.deepEqual(report.scan.scanners, ['vuln', 'baseline', 'malware', 'secret']);
    for (const check of ['ID-001', 'SV-001', 'AK-001', 'IC-025', 'IC-001', 'IC-008', 'IC-010']) {
      assert.ok(named('baseline').includes(check), `${check} among ${named('baseline')}`);
    }
    const [test] = report.findings.filter(({ id }: { id: string }) => id === 'MW-01');
    assert.deepEqual([test?.path, test?.member, test?.size], ['opt/app/lib.jar', 'inner.jar!/a.txt', eicar.length]);
    const leak = report.findings.find(({ id }: { id: string }) => id === 'ak_leak');
    assert.deepEqual([leak?.path, leak?.present, leak?.line], ['root/deploy.sh', false, 1]);
    assert.ok(report.counts.baseline.total > 0 && report.counts.instruction.total > 0);
    assert.equal(report.counts.malicious.total, 1);
  });

  test('a second scan reads nothing and finds the same', async () => {
    const { code, stdout } = await run('scan', image, '--scanners', 'all', '--json');
    assert.equal(code, 0);
    const again = JSON.parse(stdout);
    assert.deepEqual([again.scan.layersRead, again.findings], [0, report.findings]);
  });

  test('no value of a secret is in any output, nor in what is kept', async () => {
    const outputs = ['json', 'table', 'sarif', 'cyclonedx', 'html', 'csv', 'junit', 'github', 'openvex'];
    const file = (format: string): string => join(scratch.path, `canary.${format}`);
    const wanted = outputs.flatMap((format) => ['-o', `${format}=${file(format)}`]);
    assert.equal((await run('scan', image, '--scanners', 'all', ...wanted)).code, 0);
    const texts = await Promise.all(outputs.map((format) => readFile(file(format), 'utf8')));
    const kept = await Promise.all((await filesBelow(join(scratch.path, 'data'))).map((path) => readFile(path)));
    assert.ok(kept.length > 5);
    for (const value of [password, accessKey, secretKey]) {
      for (const form of [
        value,
        Buffer.from(value).toString('base64').slice(0, -2),
        Buffer.from(value).toString('hex'),
      ]) {
        texts.forEach((text, at) => {
          assert.ok(!text.includes(form), `${outputs[at]} holds a secret`);
        });
        assert.ok(!kept.some((bytes) => bytes.includes(form)), 'the data directory holds a secret');
      }
    }
  });

  test('thresholds, ignores, policies and rules count them', async () => {
    assert.equal((await run('scan', image, '--scanners', 'secret', '--fail-on', 'high', '-q')).code, 3);
    assert.equal((await run('scan', image, '--fail-on', 'high', '-q')).code, 0);
    const ignore = join(scratch.path, 'ignore.yaml');
    await writeFile(ignore, 'ignore:\n  - { ids: [ak_leak, MW-01], reason: a test }\n');
    const ignored = await run('scan', image, '--scanners', 'malware', '--ignore-file', ignore, '--fail-on', 'low');
    assert.equal(ignored.code, 0, ignored.stdout);
    const policy = join(scratch.path, 'policy.yaml');
    await writeFile(policy, 'version: 1\nscan: any\nsensitive: { severity: high }\n');
    const gate = await run('gate', '--policy', policy, image, '--scanners', 'vuln,secret');
    assert.equal(gate.code, 3, gate.stdout);
    const checks = join(scratch.path, 'checks.yaml');
    await writeFile(checks, 'version: 1\nonly: [ID-001]\n');
    const only = await run('scan', image, '--scanners', 'baseline', '--baseline-policy', checks, '--json');
    assert.equal(JSON.parse(only.stdout).counts.baseline.total, 1, only.stderr);
    await mkdir(join(scratch.path, 'rules'));
    const rule = 'rule Own_Marker { strings: $a = "stands for a program" condition: $a }\n';
    await writeFile(join(scratch.path, 'rules/own.yar'), rule);
    const imported = await run('rules', 'import', join(scratch.path, 'rules/own.yar'), '--name', 'own', '--enable');
    assert.equal(imported.code, 0, imported.stderr);
    const found = JSON.parse((await run('scan', image, '--scanners', 'malware', '--json')).stdout);
    const hit = found.findings.find((finding: { rule?: string }) => finding.rule === 'Own_Marker');
    assert.equal(hit?.path, 'usr/bin/redis-server');
  });
});

async function filesBelow(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const paths = names.map((name) => join(folder, name));
  const kinds = await Promise.all(paths.map(async (path) => (await stat(path)).isFile()));
  return paths.filter((_, at) => kinds[at]);
}
