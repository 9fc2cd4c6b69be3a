import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { FixRecord } from '../../src/fix/index.ts';
import { faultPoints } from '../../src/fix/index.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { crashRepository, runCrashFix } from '../support/fix-crash-world.ts';
import { tar } from '../support/test-image.ts';
import { toyDatabase, toyFile } from '../support/toy-fixer.ts';

const child = fileURLToPath(new URL('../support/fix-crash-child.ts', import.meta.url));

/** The points that a fix which succeeds comes by; src/fix/machine.slow.test.ts covers those of failing and cancelling. */
const points = faultPoints().filter((point) => !point.includes('>failed') && !point.includes('>cancelled'));

async function dieAt(registry: FakeRegistry, directory: string, point: string): Promise<void> {
  const process_ = spawn(process.execPath, [child, registry.host, directory, point], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  process_.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code, signal] = (await once(process_, 'close')) as [number | null, string | null];
  assert.deepEqual([code, signal], [null, 'SIGKILL'], `did not die at ${point}: ${stderr.slice(0, 500)}`);
}

function tagWrites(registry: FakeRegistry): number {
  return registry.log().filter((line) => line === `PUT /v2/${crashRepository}/manifests/fixed`).length;
}

async function records(directory: string): Promise<FixRecord[]> {
  const folder = join(directory, 'fixes', 'tasks');
  const names = await readdir(folder);
  return Promise.all(names.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as FixRecord));
}

for (const point of points) {
  test(`kill -9 at ${point}: a rerun finishes, and no tag ever names an unproven manifest`, async (t) => {
    const directory = await mkdtemp(join(tmpdir(), 'drydock-crash-'));
    t.after(() => rm(directory, { recursive: true, force: true }));
    await using registry = await startFakeRegistry();
    const base = tar({ 'var/lib/toy': { type: 'directory' }, [toyDatabase]: toyFile({ libfoo: 1 }) });
    registry.pushTestImage(crashRepository, 'v1', [base]);
    await dieAt(registry, directory, point);

    const repository = registry.repository(crashRepository);
    const early = repository.tags.get('fixed');
    const [interrupted] = await records(directory).catch(() => []);
    if (early !== undefined) {
      // I1: whatever the tag names was rescanned before.
      assert.equal(interrupted?.stage === 'verifying' || interrupted?.stage === 'promoted', true);
      assert.ok(interrupted?.parts.every((part) => part.rescan !== null));
    }

    const { report } = await runCrashFix(registry.host, directory);
    assert.equal(report.task.status, 'success');
    assert.equal(repository.tags.get('fixed'), report.result?.digest);
    if (early !== undefined) assert.equal(early, report.result?.digest);
    // I2: one task, one terminal state, the one that was interrupted.
    const ended = await records(directory);
    assert.deepEqual(
      ended.map(({ terminal, stage }) => [terminal, stage]),
      [[true, 'promoted']],
    );
    if (interrupted) assert.equal(ended[0]?.id, interrupted.id);
    // I3: the tag was moved once; there is one result beside the source and its referrers.
    assert.equal(tagWrites(registry), 1);
    assert.equal(new Set(report.result?.referrers.map(({ digest }) => digest)).size, 3);
    // I10: nothing half-written stays.
    assert.equal(registry.pendingUploads(), 0);
    assert.deepEqual(await readdir(join(directory, 'blobs', 'incoming')), []);
    assert.deepEqual(await readdir(join(directory, 'fixes', 'locks')), []);
  });
}
