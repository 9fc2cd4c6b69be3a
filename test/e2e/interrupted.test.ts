import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { FixReport, ScanReport } from '../../src/findings/index.ts';
import { root } from '../arch/source-tree.ts';
import { type CliWorld, cannotRunLoop, createCliWorld, debianLayout } from '../support/cli-world.ts';
import { environmentOf } from '../support/drydock.ts';

const repository = 'team/app';

/** Stages of the real command as they are told on stderr; the process is killed as soon as one is, or so long after. */
const kills = [
  { stage: 'reading', afterMs: 0 },
  { stage: 'plan', afterMs: 0 },
  { stage: 'plan', afterMs: 400 },
  { stage: 'planned', afterMs: 0 },
  { stage: 'fetching', afterMs: 50 },
  { stage: 'building', afterMs: 0 },
  { stage: 'building', afterMs: 900 },
  { stage: 'pushing', afterMs: 0 },
  { stage: 'pushing', afterMs: 120 },
  { stage: 'verifying', afterMs: 0 },
  { stage: 'verifying', afterMs: 350 },
  { stage: 'promoted', afterMs: 0 },
] as const;

describe('a fix that is killed, interrupted or run twice at once', { skip: cannotRunLoop() }, () => {
  let world: CliWorld;
  let app: string;
  /** Every digest that a watched tag ever pointed at. */
  const seen = new Map<string, Set<string>>();

  before(async () => {
    world = await createCliWorld();
    app = `${world.host}/${repository}`;
    await world.copy(`oci:${await debianLayout(world.directory)}:v1`, `docker://${app}:v1`);
  });
  after(async () => world?.[Symbol.asyncDispose]());

  const start = (tag: string, ...more: string[]): ChildProcess =>
    spawn(
      join(root, 'bin/drydock'),
      ['fix', `${app}:v1`, '--all-fixable', '--tag', tag, '--json', '--progress', 'json', ...more],
      { env: { ...environmentOf(world.dataDirectory), ...world.env }, stdio: ['ignore', 'pipe', 'pipe'] },
    );

  test('kill -9 at every stage: the same command finishes, and the tag never names anything unproven', async () => {
    const tag = 'survivor';
    const watching = watchTag(tag);
    for (const { stage, afterMs } of kills) {
      const { signal, code } = await killAt(start(tag), stage, afterMs);
      // The last ones may come too late, which is as good.
      assert.ok(signal === 'SIGKILL' || code === 0, `${stage}: ${signal ?? code}`);
    }
    const finished = await ended(start(tag));
    assert.equal(finished.code, 0, finished.stderr);
    const report = JSON.parse(finished.stdout) as FixReport;
    await watching.stop();

    assert.equal(report.task.stage, 'promoted');
    assert.deepEqual(report.verification?.remaining, []);
    assert.deepEqual([...(seen.get(tag) ?? [])], [report.result?.digest], 'the only digest that the tag ever had');
    await assertProven(tag, report);
    await assertTidy();
  });

  test('an interrupt ends within five seconds with 130, tags nothing, and can be continued', async () => {
    const tag = 'interrupted';
    for (const stage of ['plan', 'building']) {
      const child = start(tag);
      let asked = 0;
      onStage(child, stage, () => {
        asked = performance.now();
        child.kill('SIGINT');
      });
      const { code, stderr } = await ended(child);
      assert.equal(code, 130, stderr);
      assert.ok(performance.now() - asked < 5000, `took ${performance.now() - asked} ms`);
      assert.equal((await world.get(`${repository}/manifests/${tag}`)).status, 404);
    }
    const { code, stdout, stderr } = await ended(start(tag));
    assert.equal(code, 0, stderr);
    await assertProven(tag, JSON.parse(stdout) as FixReport);
    await assertTidy();
  });

  test('the same command twice at once is one task with one result', async () => {
    const both = await Promise.all([ended(start('twice')), ended(start('twice'))]);
    for (const { code, stderr } of both) assert.equal(code, 0, stderr);
    const [first, second] = both.map(({ stdout }) => JSON.parse(stdout) as FixReport);
    assert.equal(first?.task.id, second?.task.id);
    assert.equal(first?.result?.digest, second?.result?.digest);
    assert.equal((await world.manifest(repository, 'twice')).digest, first?.result?.digest);
  });

  test('two different fixes for one tag: the later one gives way', async () => {
    const both = await Promise.all([ended(start('rivals')), ended(start('rivals', '--gate', 'critical'))]);
    const codes = both.map(({ code }) => code).sort();
    assert.deepEqual(codes, [0, 1], both.map(({ stderr }) => stderr.slice(-500)).join());
    const [winner] = both.filter(({ code }) => code === 0);
    const [loser] = both.filter(({ code }) => code === 1);
    assert.match(
      loser?.stderr ?? '',
      /another task set the tag rivals meanwhile|changed by somebody else|exists already/,
    );
    const report = JSON.parse(winner?.stdout ?? '') as FixReport;
    assert.equal((await world.manifest(repository, 'rivals')).digest, report.result?.digest);
  });

  /** What the tag names was rescanned by its digest; scanned again from the registry it has nothing that was fixed. */
  async function assertProven(tag: string, report: FixReport): Promise<void> {
    assert.equal((await world.manifest(repository, tag)).digest, report.result?.digest);
    const { code, stdout, stderr } = await world.run('scan', `${app}:${tag}`, '--json');
    assert.equal(code, 0, stderr);
    const scan = JSON.parse(stdout) as ScanReport;
    assert.equal(scan.counts.cve.total, report.counts.after?.total);
  }

  async function assertTidy(): Promise<void> {
    const incoming = await readdir(join(world.dataDirectory, 'blobs/incoming')).catch(() => []);
    assert.deepEqual(incoming, [], 'no half-written blobs');
    const locks = await readdir(join(world.dataDirectory, 'fixes/locks')).catch(() => []);
    assert.deepEqual(locks, [], 'no locks of the dead');
    const { tags } = (await (await world.get(`${repository}/tags/list`)).json()) as { tags: string[] };
    assert.deepEqual(
      tags.filter((name) => name.startsWith('drydock-tmp-')),
      [],
    );
  }

  /** Asks the registry again and again what the tag names. */
  function watchTag(tag: string): { stop(): Promise<void> } {
    let on = true;
    const digests = new Set<string>();
    seen.set(tag, digests);
    const watching = (async () => {
      while (on) {
        const response = await world.get(`${repository}/manifests/${tag}`);
        const digest = response.headers.get('docker-content-digest');
        await response.arrayBuffer();
        if (response.status === 200 && digest) digests.add(digest);
        await delay(40);
      }
    })();
    return {
      async stop() {
        on = false;
        await watching;
      },
    };
  }
});

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

function ended(child: ChildProcess): Promise<Ended> {
  const text = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    text.stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    text.stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, ...text }));
  });
}

/** Calls back when the process tells that it begins a stage. */
function onStage(child: ChildProcess, stage: string, then: () => void): void {
  let text = '';
  let told = false;
  child.stderr?.on('data', (chunk) => {
    text += chunk;
    if (told || !text.includes(`"stage":"${stage}"`)) return;
    told = true;
    then();
  });
}

async function killAt(child: ChildProcess, stage: string, afterMs: number): Promise<Ended> {
  onStage(child, stage, () => setTimeout(() => child.kill('SIGKILL'), afterMs));
  return ended(child);
}
