import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { hasCode } from '../kernel/index.ts';
import { readConfiguration } from './config-file.ts';
import { readSettings } from './settings.ts';

const directory = await mkdtemp(join(tmpdir(), 'drydock-config-'));
after(() => rm(directory, { recursive: true }));
let count = 0;

async function configOf(text: string): Promise<NodeJS.ProcessEnv> {
  const path = join(directory, `config-${count++}.yaml`);
  await writeFile(path, text);
  return { DRYDOCK_CONFIG: path };
}

test('file names inside are relative to the file that names them', async () => {
  const config = await readConfiguration(
    await configOf('dataDir: data\nregistries:\n  "r.example:5000": { insecure: true, ca: ca.pem }\n'),
  );
  assert.equal(config.dataDir, join(directory, 'data'));
  assert.deepEqual(config.registries, { 'r.example:5000': { insecure: true, ca: join(directory, 'ca.pem') } });
});

test('advisory sources may be addresses or files, their certificate is a file', async () => {
  const text = 'advisories: { from: osv, kev: "https://feeds.example/kev.json", epss: /srv/epss.csv, ca: ca.pem }';
  const config = await readConfiguration(await configOf(text));
  assert.deepEqual(config.advisories, {
    from: join(directory, 'osv'),
    kev: 'https://feeds.example/kev.json',
    epss: '/srv/epss.csv',
    ca: join(directory, 'ca.pem'),
  });
});

test('feeds of vendors may be addresses or files, and no proxy is no file', async () => {
  const text =
    'advisories: { alpineSecdb: [secdb, "https://a.example/v3.22/main.json"], debianTracker: t.json, proxy: direct }';
  const config = await readConfiguration(await configOf(text));
  assert.deepEqual(config.advisories, {
    alpineSecdb: [join(directory, 'secdb'), 'https://a.example/v3.22/main.json'],
    debianTracker: join(directory, 't.json'),
    proxy: 'direct',
  });
});

test('mistakes name the file and the key', async () => {
  for (const [text, expected] of [
    ['unknwon: 1', /unknwon/],
    ['registries: { r: { insecure: "yes" } }', /registries\.r\.insecure/],
    ['a: [', /not YAML/],
    ['a: &a [1]\nb: *a', /not YAML/],
  ] as const) {
    await assert.rejects(readConfiguration(await configOf(text)), (error: Error) => {
      assert.ok(hasCode(error, 'config_invalid'));
      assert.match(error.message, expected);
      assert.match(error.message, /config-\d+\.yaml/);
      return true;
    });
  }
});

test('a file that was asked for must exist; the default ones need not', async () => {
  await assert.rejects(readConfiguration({ DRYDOCK_CONFIG: join(directory, 'none.yaml') }), (error) =>
    hasCode(error, 'config_unreadable'),
  );
  const config = await readConfiguration({ XDG_CONFIG_HOME: join(directory, 'none') });
  assert.equal(config.dataDir, undefined);
});

test('environment wins over the file, the file over the default', async () => {
  const env = await configOf('dataDir: from-file');
  assert.equal((await readSettings({ ...env, DRYDOCK_DATA_DIR: '/explicit' })).dataDirectory, '/explicit');
  assert.equal((await readSettings(env)).dataDirectory, join(directory, 'from-file'));
  assert.equal((await readSettings(env)).cacheDirectory, join(directory, 'from-file/cache'));
  const home = join(directory, 'home');
  await mkdir(home);
  const plain = await readSettings({ HOME: home, XDG_CACHE_HOME: 'relative-is-ignored' });
  assert.equal(plain.dataDirectory, join(home, '.local/share/drydock'));
  assert.equal(plain.cacheDirectory, join(home, '.cache/drydock'));
});
