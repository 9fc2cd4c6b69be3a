import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkOutcome, detect, detectorOptions } from '../../../../test/support/detection.ts';
import type { Detector, SensitiveFile } from '../../index.ts';
import { createBaseline } from '../detector.ts';
import { type BaselineSettings, defaultBaselineSettings } from '../settings.ts';

const withSettings = (settings: Partial<BaselineSettings>) => ({
  detectors: {
    policy: { name: 'full', asks: () => true, settings: { ...defaultBaselineSettings, ...settings } },
  },
});

test('IC-003: the base must be one of those that the policy approves', async () => {
  const outcome = (labels: Record<string, string>, approvedBases = ['registry.example/base']) =>
    checkOutcome('IC-003', [{}], { ...withSettings({ approvedBases }), settings: { Labels: labels } });
  const name = 'org.opencontainers.image.base.name';
  const digest = 'org.opencontainers.image.base.digest';
  assert.equal(await outcome({ [name]: 'registry.example/base:12' }), 'pass');
  assert.equal(await outcome({ [name]: 'registry.example/base/debian@sha256:00' }), 'pass');
  assert.equal(await outcome({ [name]: 'registry.example/basement:1' }), 'fail:medium');
  assert.equal(await outcome({}), 'fail:medium');
  assert.equal(await outcome({ [digest]: 'sha256:aa' }, ['sha256:aa']), 'pass');
  assert.equal(await outcome({ [name]: 'x' }, []), 'not_applicable');
});

test('IC-004: a release without further fixes', async () => {
  const outcome = (release: string) =>
    checkOutcome('IC-004', [{ 'etc/os-release': release }], { now: new Date('2026-06-01T00:00:00Z') });
  // Debian 10 LTS ended on 2024-06-30; that of 12 ends in 2028.
  assert.equal(await outcome('ID=debian\nVERSION_ID="10"\n'), 'fail:high');
  assert.equal(await outcome('ID=debian\nVERSION_ID="12"\n'), 'pass');
  assert.equal(await checkOutcome('IC-004', [{ 'bin/app': 'x' }]), 'not_applicable');
});

/** The baseline of an image of which more is known than a scan of fragments tells. */
function told(change: Parameters<Detector['detect']>[0] extends infer I ? Partial<I> : never): readonly Detector[] {
  const { policy, asked } = detectorOptions(['baseline', 'secret']);
  const inner = createBaseline(policy, asked);
  return [{ ...inner, detect: (input) => inner.detect({ ...input, ...change }) }];
}

async function outcomeOf(check: string, ...[detectors, layers, options]: Parameters<typeof detect>): Promise<string> {
  const { baseline } = await detect(detectors, layers, options);
  const failed = baseline?.failed.find((one) => one.check === check);
  if (failed !== undefined) return `fail:${failed.level}`;
  const unknown = baseline?.unknown.find((one) => one.check === check);
  if (unknown !== undefined) return `unknown:${unknown.code}`;
  return baseline?.passed.includes(check) ? 'pass' : 'not_applicable';
}

test('IC-005: old images with critical fixes that wait', async () => {
  const outcome = (created: string | null, fixableCriticals: number | null) =>
    outcomeOf('IC-005', told({ fixableCriticals }), [{}], {
      config: { created },
      now: new Date('2026-06-01T00:00:00Z'),
    });
  // 90 days before the first of June is the third of March.
  assert.equal(await outcome('2026-03-02T00:00:00Z', 1), 'fail:medium');
  assert.equal(await outcome('2026-03-03T00:00:00Z', 1), 'pass');
  assert.equal(await outcome('2020-01-01T00:00:00Z', 0), 'pass');
  assert.equal(await outcome('2020-01-01T00:00:00Z', null), 'unknown:not_asked');
  assert.equal(await outcome('1970-01-01T00:00:00Z', 1), 'not_applicable');
  assert.equal(await outcome(null, 1), 'not_applicable');
  assert.equal(await outcome('soon', 1), 'not_applicable');
});

const image = {
  ...{ reference: 'registry.example/app', digest: 'sha256:00', baseDigest: null, signed: null, immutableTag: null },
  settings: {
    ...{ user: '', env: [], entrypoint: [], cmd: [], workingDir: '', exposedPorts: [], volumes: [], labels: {} },
    ...{ healthcheck: null, shell: [], created: null, history: null },
  },
};

test('IC-006: signatures, where somebody asked for them', async () => {
  const outcome = (signed: boolean | null) => outcomeOf('IC-006', told({ image: { ...image, signed } }), [{}]);
  assert.equal(await outcome(false), 'fail:low');
  assert.equal(await outcome(true), 'pass');
  assert.equal(await outcome(null), 'not_applicable');
});

test('IC-015: latest, or no tag, in a repository whose tags move', async () => {
  const outcome = (reference: string, immutableTag: boolean | null = null) =>
    outcomeOf('IC-015', told({ image: { ...image, reference, immutableTag } }), [{}]);
  const digest = `sha256:${'0'.repeat(64)}`;
  assert.equal(await outcome('registry.example:5000/app'), 'fail:low');
  assert.equal(await outcome('registry.example/app:latest'), 'fail:low');
  assert.equal(await outcome(`registry.example/app:latest@${digest}`), 'fail:low');
  assert.equal(await outcome('registry.example/app:latest', true), 'pass');
  assert.equal(await outcome('registry.example/app:1.2'), 'pass');
  assert.equal(await outcome(`registry.example/app@${digest}`), 'not_applicable');
  assert.equal(await outcome('oci:/images:latest'), 'not_applicable');
  assert.equal(await outcome('archive:/images/app.tar'), 'not_applicable');
});

/** A finding of the detector for secrets, made up. */
const secret = (change: Partial<SensitiveFile>): SensitiveFile => ({
  ...{ rule: 'pem', class: 'password', level: 'medium', path: 'root/key', layer: 'sha256:aa', present: true },
  ...{ inBase: false, line: 3, offset: 0, length: 9, excerpt: 'AB…', md5: null, secretId: 'x', total: 1 },
  ...change,
});

test('IC-025: secrets that a later layer removed', async () => {
  const outcome = (sensitive: readonly SensitiveFile[] | undefined) =>
    outcomeOf('IC-025', told({ before: sensitive ? { sensitive } : {} }), [{}]);
  assert.equal(await outcome([secret({ present: false })]), 'fail:high');
  assert.equal(await outcome([secret({}), secret({ present: false, layer: null, path: 'config:Env' })]), 'pass');
  assert.equal(await outcome(undefined), 'unknown:not_asked');
});

test('AK-001: ids of access keys, worse with their secrets', async () => {
  const outcome = (...sensitive: SensitiveFile[]) => outcomeOf('AK-001', told({ before: { sensitive } }), [{}]);
  assert.equal(await outcome(secret({ rule: 'ak_leak', level: 'high' })), 'fail:high');
  assert.equal(
    await outcome(secret({ rule: 'aws_access_key' }), secret({ rule: 'pem', level: 'high' })),
    'fail:medium',
  );
  assert.equal(await outcome(secret({ rule: 'pem', level: 'high' })), 'pass');
  assert.equal(await outcomeOf('AK-001', told({ before: {} }), [{}]), 'unknown:not_asked');
});

test('evidence of secrets is taken over as it is: masked, with its layer and line', async () => {
  const { baseline } = await detect(told({ before: { sensitive: [secret({ rule: 'ak_leak', inBase: true })] } }), [{}]);
  const found = baseline?.failed.find(({ check }) => check === 'AK-001');
  assert.deepEqual(found?.evidence, [{ path: 'root/key', layer: 'sha256:aa', line: 3, excerpt: 'AB…', inBase: true }]);
  assert.equal(found?.inBase, true);
});
