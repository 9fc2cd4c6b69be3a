import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { reply } from '../support/fake-registry-store.ts';
import { postgresMissing, sharedPostgres, stopSharedPostgres } from '../support/postgres.ts';
import type { Finished } from '../support/run.ts';
import {
  childrenOf,
  type NativeCall,
  nativeClient,
  type RunningService,
  type RunningWorker,
  startService,
  startWorker,
} from '../support/service.ts';
import {
  createToyEstate,
  type ToyAdvisory,
  type ToyEstate,
  toyAdvisories,
  toyLayers,
  toyRobot,
} from '../support/toy-estate.ts';
import { until } from '../support/until.ts';

/** So much of the estate is exported that an export takes long enough to be met at work. */
const bulkTags = 150;
const manyAdvisories: readonly ToyAdvisory[] = Array.from({ length: 600 }, (_, number) => ({
  id: `CVE-2023-${String(number).padStart(4, '0')}`,
  package: 'other',
}));
const rows = bulkTags * (manyAdvisories.length + toyAdvisories.length);
/** From readiness to the end of everything, on a slow and busy machine; the leases of the dead run for ten seconds. */
const recoveryMs = 120_000;
const moment = 60_000;

/** When the processes die, for the one scan, fix and export under way. */
interface Round {
  readonly scan: 'ordered' | 'pulling' | 'analysing' | 'matched';
  readonly fix: 'ordered' | 'opening' | 'uploading' | 'pushed' | 'verifying' | 'tagged' | 'ended';
  readonly export: 'ordered' | 'running' | 'writing' | 'success';
}

const rounds: readonly Round[] = [
  { scan: 'ordered', fix: 'ordered', export: 'ordered' },
  { scan: 'pulling', fix: 'opening', export: 'running' },
  { scan: 'analysing', fix: 'uploading', export: 'writing' },
  { scan: 'matched', fix: 'pushed', export: 'success' },
  { scan: 'pulling', fix: 'verifying', export: 'running' },
  { scan: 'analysing', fix: 'tagged', export: 'ordered' },
  { scan: 'ordered', fix: 'ended', export: 'writing' },
];
/** A round for the loss of job processes only, and one for the loss of the worker only. */
const extraRounds = 2;
const ids = Array.from({ length: rounds.length + extraRounds }, (_, number) => number);

describe('kill -9 of server, workers and jobs', { concurrency: true, timeout: 900_000 }, () => {
  describe('one process on SQLite', { concurrency: 1 }, () => crashes(false));
  describe('server and worker apart on PostgreSQL', { concurrency: 1, skip: postgresMissing }, () => crashes(true));
});

function crashes(apart: boolean): void {
  let estate: ToyEstate;
  let env: NodeJS.ProcessEnv;
  let service: RunningService;
  let worker: RunningWorker | undefined;
  let call: NativeCall;
  let exported: string;

  before(async () => {
    estate = await createToyEstate();
    const { registry } = estate;
    await estate.advise([...toyAdvisories, ...manyAdvisories]);
    for (let tag = 0; tag < bulkTags; tag++) registry.pushTestImage('team/bulk', `v${tag}`, toyLayers());
    for (const id of ids) {
      registry.pushTestImage(`team/scan${id}`, 'v1', layersOf(`scan${id}`));
      registry.pushTestImage(`team/fix${id}`, 'v1', layersOf(`fix${id}`));
    }
    const url = apart ? await (await sharedPostgres()).createDatabase() : undefined;
    env = { ...estate.env, DRYDOCK_WORKERS: '4', ...(url && { DRYDOCK_DATABASE_URL: url }) };
    await start();
    const added = await call('POST', '/registries', {
      ...{ name: 'toys', kind: 'oci', baseUrl: registry.url, insecure: true },
      ...{ username: toyRobot.user, password: toyRobot.password },
    });
    assert.equal(added.status, 201, JSON.stringify(added.body));
    const images = 1 + bulkTags + 2 * ids.length;
    const matched = async () => (await call('GET', '/images?q=scan:matched&limit=1')).body.total;
    await until('all images are scanned', matched, (total) => total === images, moment * 2);
    exported = await digestOfExport((await orderExport()).id);
  });
  after(async () => {
    await service?.kill();
    await worker?.kill();
    await estate?.[Symbol.asyncDispose]();
    if (apart) await stopSharedPostgres();
  });

  async function start(): Promise<void> {
    const options = { dataDirectory: estate.dataDirectory, env };
    service = await startService({ ...options, args: apart ? ['--role', 'serve'] : [] });
    if (apart) worker = await startWorker(options);
    call = nativeClient(service.host);
  }

  async function orderExport() {
    const jobs = async (): Promise<number> => (await call('GET', '/jobs?kind=export')).body.items.length;
    const before = await jobs();
    const ordered = await call('POST', '/exports', { format: 'csv', q: 'repository:team/bulk' });
    assert.equal(ordered.status, 202, JSON.stringify(ordered.body));
    assert.equal(ordered.body.rowsTotal, rows);
    // An order may answer before all rows are collected; an export that dies before that has failed.
    await until('the rows are collected', jobs, (now) => now > before, moment);
    return ordered.body;
  }

  async function digestOfExport(id: string): Promise<string> {
    const look = async () => (await call('GET', `/exports/${id}`)).body;
    const { sha256, bytes } = await until('the export', look, ({ state }) => state === 'success', recoveryMs);
    const file = (await call('GET', `/exports/${id}/file`)).body as string;
    assert.equal(Buffer.byteLength(file), bytes);
    assert.equal(createHash('sha256').update(file).digest('hex'), sha256);
    assert.equal(file.split('\r\n').filter(Boolean).length - 1, rows);
    return sha256;
  }

  /** An image that is listed as scanned; lists of a busy server may be some seconds behind. */
  async function scanned(name: string) {
    const query = encodeURIComponent(`image.reference:"${estate.registry.host}/${name}"`);
    const look = async () => (await call('GET', `/images?q=${query}`)).body.items;
    const items = await until(`the scan of ${name}`, look, ([first]) => first?.scan.state === 'matched', recoveryMs);
    assert.equal(items.length, 1, `one image is ${name}`);
    return items[0];
  }

  /** Orders the work of a round, and waits until each stands where it is to be met. */
  async function arrange(id: number, round: Round) {
    // A job that ends just now may still write into it.
    await rm(join(estate.dataDirectory, 'cache/layers'), { recursive: true, force: true, maxRetries: 10 });
    const met = [holdScan(id, round.scan), holdFix(id, round.fix)];
    const image = await scanned(`team/fix${id}:v1`);
    const victim = await scanned(`team/scan${id}:v1`);
    const order = { orders: [{ image: image.uuid, vulnerabilities: ['CVE-2024-0001'], newTag: 'fixed' }] };
    const scan = await call('POST', '/scans', { uuids: [victim.uuid], force: true });
    const fix = await call('POST', '/fixes', order);
    assert.deepEqual([scan.status, fix.status], [202, 202], JSON.stringify([scan.body, fix.body]));
    const [fixTask] = fix.body.items;
    for (const seen of met) await until(`round ${id}: ${JSON.stringify(round)}`, seen, Boolean, moment);
    const scanning = async () => (await call('GET', `/scans/${scan.body.id}`)).body;
    if (round.scan === 'matched') await until('the scan', scanning, ({ state }) => state === 'finished', moment);
    const fixed = async () => (await call('GET', `/fixes/${fixTask.id}`)).body;
    if (round.fix === 'ended') await until('the fix', fixed, ({ status }) => status !== 'running', moment);
    const file = await orderExport();
    const written = async () => (await call('GET', `/exports/${file.id}`)).body;
    if (round.export !== 'ordered') {
      const reached = { running: isAtWork, writing: hasRows, success: isDone }[round.export];
      await until('the export', written, reached, moment);
    }
    return { scan: scan.body.id, fix: fixTask.id, export: file.id, order };
  }

  function holdScan(id: number, at: Round['scan']): () => boolean {
    const path = `/v2/team/scan${id}/`;
    if (at === 'pulling') return hold('GET', `${path}manifests/`);
    const layer = biggestBlob(estate, `team/scan${id}`);
    return at === 'analysing' ? hold('GET', `${path}blobs/${layer}`) : () => true;
  }

  function holdFix(id: number, at: Round['fix']): () => boolean {
    const repository = `team/fix${id}`;
    const path = `/v2/${repository}/`;
    if (at === 'opening') return hold('GET', `${path}manifests/`);
    if (at === 'uploading') return hold('POST', `${path}blobs/uploads/`);
    // Done, but the answer never comes.
    if (at === 'pushed') return hold('PUT', `${path}manifests/sha256:`, true);
    if (at === 'tagged') return hold('PUT', `${path}manifests/fixed`, true);
    const own = [...estate.registry.repository(repository).manifests.keys()];
    return at === 'verifying'
      ? hold('GET', new RegExp(`^${path}manifests/sha256:(?!${own.map((digest) => digest.slice(7)).join('|')})`))
      : () => true;
  }

  /** Never answers such requests; says whether there was one. */
  function hold(method: string, path: string | RegExp, done = false): () => boolean {
    let seen = false;
    estate.registry.fail(method, path, {
      times: Number.POSITIVE_INFINITY,
      answer: () => {
        seen = true;
        return done ? undefined : reply(0);
      },
      hang: true,
    });
    return () => seen;
  }

  /** Everything that was ordered has ended as if nothing had happened. */
  async function check(id: number, work: Awaited<ReturnType<typeof arrange>>): Promise<void> {
    const scan = async () => (await call('GET', `/scans/${work.scan}`)).body;
    const { total, finished, failed } = await until('the scan', scan, ({ state }) => state === 'finished', recoveryMs);
    assert.deepEqual([total, finished, failed], [1, 1, 0]);
    assert.equal((await scanned(`team/scan${id}:v1`)).counts.cve.total, 603);
    const fix = async () => (await call('GET', `/fixes/${work.fix}`)).body;
    const task = await until('the fix', fix, ({ status }) => status !== 'running', recoveryMs);
    const log = (await call('GET', `/fixes/${work.fix}/log`)).body;
    assert.equal(task.status, 'success', JSON.stringify([task, log]));
    // The whole scan of the result is ordered before the fix ends; until its end, what the fix proved holds.
    const result = await scanned(`team/fix${id}:fixed`);
    assert.equal(result.uuid, task.newImageUuid);
    const { tags, manifests } = estate.registry.repository(`team/fix${id}`);
    assert.equal(tags.get('fixed'), result.digest);
    assert.ok(manifests.has(result.digest));
    assert.equal(result.counts.cve.total, 601, 'libtoy has no vulnerability now');
    const settings = estate.registry.log().filter((line) => line === `PUT /v2/team/fix${id}/manifests/fixed`);
    assert.equal(settings.length, 1, 'the tag was set once');
    const again = (await call('GET', '/fixes?limit=200')).body.items.filter(
      ({ imageUuid }: { imageUuid: string }) => imageUuid === task.imageUuid,
    );
    assert.equal(again.length, 1, 'one task');
    assert.equal(await digestOfExport(work.export), exported, 'the same bytes as without a crash');
  }

  async function doctor(): Promise<void> {
    const examine = () => estate.run(['doctor', '--json'], env);
    const checksOf = ({ stdout }: Finished): { name: string; state: string; detail: string }[] =>
      JSON.parse(stdout).checks;
    const find = (done: Finished, name: string) => checksOf(done).find((entry) => entry.name === name);
    // A job ends a moment after what it did is to be seen.
    const idle = (done: Finished) => /\b0 running\b/.test(find(done, 'jobs')?.detail ?? '');
    const done = await until('no job is at work', examine, idle, recoveryMs);
    assert.equal(done.code, 0, `${done.stdout}${done.stderr}`);
    assert.equal(find(done, 'audit log')?.state, 'ok');
    assert.equal(find(done, 'counters')?.state, 'ok');
    assert.match(find(done, 'jobs')?.detail ?? '', /0 running, 0 failed/);
  }

  for (const [id, round] of rounds.entries()) {
    test(`all processes die: scan ${round.scan}, fix ${round.fix}, export ${round.export}`, async (t) => {
      const work = await arrange(id, round);
      await Promise.all([service.kill(), worker?.kill()]);
      estate.registry.clearFaults();
      await start();
      const ready = performance.now();
      await check(id, work);
      t.diagnostic(`everything has ended ${Math.round(performance.now() - ready)} ms after the restart`);
    });
  }

  test('only the job processes die: the worker has them done by others', async () => {
    const id = rounds.length;
    const work = await arrange(id, { scan: 'analysing', fix: 'uploading', export: 'writing' });
    const parent = (worker ?? service).process.pid ?? 0;
    const jobs = childrenOf(parent);
    assert.ok(jobs.length >= 2, `job processes ${jobs}`);
    for (const pid of jobs) process.kill(pid, 'SIGKILL');
    estate.registry.clearFaults();
    await check(id, work);
    assert.equal((worker ?? service).process.exitCode, null);
  });

  test('only the worker dies: the server goes on answering, and another worker ends what was begun', {
    skip: !apart && 'server and worker are one process here',
  }, async () => {
    const id = rounds.length + 1;
    const work = await arrange(id, { scan: 'pulling', fix: 'tagged', export: 'running' });
    await worker?.kill();
    estate.registry.clearFaults();
    assert.equal((await call('GET', '/images?limit=1')).status, 200);
    worker = await startWorker({ dataDirectory: estate.dataDirectory, env });
    await check(id, work);
  });

  test('nothing is stuck, counters fit the facts, the audit chain is whole', doctor);
}

const isAtWork = ({ state }: { state: string }): boolean => state !== 'queued';
const hasRows = ({ state, rowsDone }: { state: string; rowsDone: number }): boolean =>
  state === 'success' || rowsDone > 0;
const isDone = ({ state }: { state: string }): boolean => state === 'success';

/** Contents that differ, so that no scan knows the layer of another. */
function layersOf(name: string): Buffer[] {
  return toyLayers(
    `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\nDescription: toy\n\n`,
  );
}

function biggestBlob(estate: ToyEstate, repository: string): string {
  const blobs = [...estate.registry.repository(repository).blobs].sort(([, a], [, b]) => b.length - a.length);
  return blobs[0]?.[0] ?? '';
}
