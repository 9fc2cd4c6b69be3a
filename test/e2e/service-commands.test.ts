import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { postgresMissing, sharedPostgres, stopSharedPostgres } from '../support/postgres.ts';
import { type RunningService, startService } from '../support/service.ts';
import { createToyEstate, type ToyEstate, toyAdvisories, toyRobot } from '../support/toy-estate.ts';
import { readZip } from '../support/zip-reader.ts';

/** What `image ls` shows, without what a restore may not keep the same. */
// biome-ignore lint/suspicious/noExplicitAny: a document of the API
type Json = any;

describe('the commands of the service', { timeout: 600_000 }, () => {
  let estate: ToyEstate;
  let v1: string;

  before(async () => {
    estate = await createToyEstate();
    v1 = `${estate.registry.host}/team/app:v1`;
  });
  after(async () => {
    await estate?.[Symbol.asyncDispose]();
    await stopSharedPostgres();
  });

  describe('without a server, over the data directory', () => {
    commands(() => []);
  });

  describe('over a server with a token', () => {
    let service: RunningService;
    let place: string[];

    before(async () => {
      estate.registry.repository('team/app').tags.delete('v1-fixed');
      service = await startService({ dataDirectory: join(estate.directory, 'served'), env: estate.env });
      const own = { DRYDOCK_DATA_DIR: join(estate.directory, 'served') };
      const feed = await estate.run(['db', 'update', '--from', join(estate.directory, 'osv'), '-q'], own);
      assert.equal(feed.code, 0, feed.stderr);
      const { secret } = await estate.json(['access', 'token', 'admin'], own);
      const file = join(estate.directory, 'token');
      await writeFile(file, `${secret}\n`);
      place = ['--server', `http://${service.host}`, '--token-file', file];
    });
    after(() => service?.[Symbol.asyncDispose]());

    commands(() => place);

    test('a wrong token ends with 6, a server that is not there with 1', async () => {
      const wrong = join(estate.directory, 'wrong');
      await writeFile(wrong, 'nonsense');
      const refused = await estate.run(['image', 'ls', '--server', `http://${service.host}`, '--token-file', wrong]);
      assert.equal(refused.code, 6, refused.stderr);
      const nobody = await estate.run(['image', 'ls', '--server', 'http://127.0.0.1:9']);
      assert.equal(nobody.code, 1, nobody.stderr);
      assert.match(nobody.stderr, /does not answer/);
    });
  });

  test('a backup is restored into an empty data directory, and into PostgreSQL', async (t) => {
    const archive = join(estate.directory, 'backup.drydock');
    const passphrase = join(estate.directory, 'passphrase');
    await writeFile(passphrase, 'correct horse battery staple\n');
    const ended = async (args: string[], env: NodeJS.ProcessEnv = {}) => {
      const { code, stdout, stderr } = await estate.run(args, env);
      assert.equal(code, 0, `${args.join(' ')}: ${stdout}${stderr}`);
    };
    await ended(['backup', 'create', archive, '--passphrase-file', passphrase]);
    await ended(['backup', 'verify', archive]);
    const images = await estate.json(['image', 'ls']);
    assert.ok(images.items.length >= 2);
    const places: NodeJS.ProcessEnv[] = [{ DRYDOCK_DATA_DIR: join(estate.directory, 'restored') }];
    if (postgresMissing) t.diagnostic(postgresMissing);
    else {
      const url = await (await sharedPostgres()).createDatabase();
      places.push({ DRYDOCK_DATA_DIR: join(estate.directory, 'restored-pg'), DRYDOCK_DATABASE_URL: url });
    }
    for (const env of places) {
      await ended(['restore', archive, '--passphrase-file', passphrase], env);
      await ended(['db', 'update', '--from', join(estate.directory, 'osv'), '-q'], env);
      assert.deepEqual(await estate.json(['image', 'ls'], env), images);
      // The sealed password of the registry is opened with the restored key.
      await ended(['registry', 'test', 'toys'], env);
      await ended(['doctor'], env);
      assert.equal((await estate.run(['restore', archive], env)).code, 1, 'nothing is restored over something');
    }
  });

  test('advisories that were updated meanwhile count in the next command, without a service', async () => {
    const totals = async () => (await estate.json(['image', 'ls'])).items.map(({ counts }: Json) => counts.cve.total);
    assert.deepEqual(await totals(), [3, 1]);
    await estate.advise([...toyAdvisories, { id: 'CVE-2024-0004', package: 'quiet', fixed: '2.0-1' }]);
    assert.deepEqual(await totals(), [4, 2]);
  });

  function commands(place: () => readonly string[]): void {
    const run = (...args: string[]) => estate.run([...args, ...place()]);
    const json = (...args: string[]): Promise<Json> => estate.json([...args, ...place()]);
    const counts = async () => {
      const { items } = await json('image', 'ls');
      return Object.fromEntries(items.map(({ tag, counts }: Json) => [tag, counts.cve.total]));
    };
    const eventually = async (look: () => Promise<boolean>) => {
      for (let attempt = 0; !(await look()); attempt++) assert.ok(attempt < 30, 'it did not happen');
    };

    test('a registry is added, tested, synchronised and listed', async () => {
      const url = estate.registry.url;
      const credentials = ['--username', toyRobot.user, '--password-file', estate.passwordFile];
      await json('registry', 'add', 'toys', url, '--insecure', ...credentials);
      const abilities = await json('registry', 'test', 'toys');
      assert.deepEqual([abilities.list.state, abilities.pull.state, abilities.push.state], ['yes', 'yes', 'yes']);
      await json('registry', 'sync', 'toys');
      await eventually(async () => (await json('registry', 'ls')).items[0].images === 1);
      const { stdout } = await run('registry', 'ls');
      assert.match(stdout, /toys\s+oci\s+http:\S+\s+ok\s+1/);
    });

    test('its image is listed, shown with the history of its tag, and scanned again', async () => {
      await eventually(async () => (await counts()).v1 === 3);
      const { stdout } = await run('image', 'ls');
      assert.ok(stdout.includes(` ${v1} `) || stdout.includes(`${v1} `), stdout);
      const image = await json('image', 'get', v1);
      assert.equal(image.digest, estate.registry.repository('team/app').tags.get('v1'));
      assert.deepEqual((await json('image', 'get', image.digest)).uuid, image.uuid);
      const tags = await json('image', 'tags', v1);
      assert.deepEqual(
        tags.items.map(({ digest }: Json) => digest),
        [image.digest],
      );
      const { id } = await json('image', 'scan', v1);
      assert.match(id, /^[0-9a-f]{32}$/);
    });

    test('vulnerabilities and packages lead to the image', async () => {
      const { items } = await json('vuln', 'ls');
      assert.deepEqual(items.map(({ id }: Json) => id).sort(), ['CVE-2024-0001', 'CVE-2024-0002', 'CVE-2024-0003']);
      assert.equal((await json('vuln', 'get', 'CVE-2024-0001')).fixable, true);
      const named = [
        await json('vuln', 'affected', 'CVE-2024-0001'),
        await json('package', 'affected', 'libtoy@1.0-1'),
        await json('package', 'affected', 'other'),
        // Nothing is known of it.
        await json('package', 'affected', 'quiet@1.0-1'),
      ];
      for (const { items: found } of named)
        assert.deepEqual(
          found.map(({ reference }: Json) => reference),
          [v1],
        );
      const packages = await json('package', 'ls', 'toy');
      assert.deepEqual(
        packages.items.map(({ name, images }: Json) => [name, images]),
        [['libtoy', 1]],
      );
    });

    test('a fix is ordered, watched to its end, and its log tells what was done', async () => {
      const { id } = await json('task', 'start', v1, '--cve', 'CVE-2024-0001', '--tag', 'v1-fixed');
      const watched = await run('task', 'watch', id);
      assert.equal(watched.code, 0, watched.stdout);
      assert.match(watched.stdout, /status\s+success/);
      const log = await run('task', 'log', id);
      assert.match(log.stdout, /libtoy/);
      assert.deepEqual(await counts(), { v1: 3, 'v1-fixed': 1 });
    });

    test('a fix that cannot be done has failed at once, and says why', async () => {
      const started = performance.now();
      const { id } = await json('task', 'start', v1, '--cve', 'CVE-2024-0003', '--tag', 'v1-never');
      const watched = await run('task', 'watch', id);
      assert.equal(watched.code, 1, watched.stdout);
      assert.match(watched.stdout, /status\s+failed/);
      assert.match((await run('task', 'log', id)).stdout, /CVE-2024-0003 .*no_fix_published/);
      assert.ok(performance.now() - started < 60_000, 'it is not tried again and again');
      assert.equal(estate.registry.repository('team/app').tags.has('v1-never'), false);
    });

    test('a decision takes findings out of the counts until it is withdrawn', async () => {
      const preview = await json('ignore', 'add', 'CVE-2024-0003', '--reason', 'not reachable', '--dry-run');
      assert.deepEqual([preview.findings, preview.images], [2, 2]);
      const rule = await json('ignore', 'add', 'CVE-2024-0003', '--reason', 'not reachable');
      assert.deepEqual(await counts(), { v1: 2, 'v1-fixed': 0 });
      assert.deepEqual(
        (await json('ignore', 'ls')).items.map(({ id }: Json) => id),
        [rule.id],
      );
      await json('ignore', 'rm', String(rule.id));
      assert.deepEqual(await counts(), { v1: 3, 'v1-fixed': 1 });
    });

    test('every format of an export has as many rows as are counted', async () => {
      const files = Object.fromEntries(['csv', 'jsonl', 'xlsx'].map((name) => [name, join(estate.directory, name)]));
      for (const [format, file] of Object.entries(files)) {
        const { rowsTotal } = await json('export', 'findings', '--output', `${format}=${file}`);
        assert.equal(rowsTotal, 4, format);
      }
      const csv = await readFile(files.csv as string, 'utf8');
      assert.equal(csv.split('\r\n').filter(Boolean).length, 1 + 4);
      const lines = (await readFile(files.jsonl as string, 'utf8')).trim().split('\n');
      assert.equal(lines.map((line) => JSON.parse(line)).length, 4);
      const sheet = (await readZip(await readFile(files.xlsx as string))).get('xl/worksheets/sheet1.xml')?.toString();
      assert.equal(sheet?.match(/<row[ >]/g)?.length, 1 + 4);
    });

    test('what is unknown ends with 7, what cannot be meant with 2', async () => {
      const endings = [
        ['image', 'get', 'nothing.example/at/all:v1'],
        ['image', 'get', '0'.repeat(32)],
        ['vuln', 'get', 'CVE-1999-0001'],
        ['task', 'get', 'ivf-00000000-0000-4000-8000-000000000000'],
        ['registry', 'test', 'unknown'],
        ['ignore', 'rm', '999'],
      ].map((args) => ({ args, code: 7 }));
      const wrong = [
        ['image', 'ls', '--limit', 'many'],
        ['image', 'ls', '--query', 'severity:('],
        ['image', 'ls', '--nothing'],
        ['task', 'start', v1],
        ['export', 'findings', '--output', 'pdf=x'],
      ].map((args) => ({ args, code: 2 }));
      for (const { args, code } of [...endings, ...wrong]) {
        const finished = await run(...args);
        assert.equal(finished.code, code, `${args.join(' ')}: ${finished.stderr}`);
        assert.match(finished.stderr, /error/);
      }
    });

    test('the health of the installation is told', async () => {
      if (place().length > 0) return;
      const { checks } = await estate.json(['doctor']);
      assert.deepEqual(
        checks.filter(({ state }: Json) => state === 'fail'),
        [],
      );
    });
  }

  test('a registry is taken away with its images', async () => {
    await estate.json(['registry', 'rm', 'toys']);
    assert.deepEqual((await estate.json(['image', 'ls'])).items, []);
  });
});
