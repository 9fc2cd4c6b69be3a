import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { registerDb } from './db.ts';
import { applyEnvironment, variableOf } from './environment.ts';
import { registerFix } from './fix.ts';
import { UsageError } from './output/errors.ts';
import { registerQuickstart } from './quickstart.ts';
import { registerScan } from './scan.ts';

const never = async (): Promise<never> => assert.fail('no command runs here');

function program(): Command {
  const created = new Command('drydock');
  registerScan(created, never);
  registerFix(created, never);
  registerDb(created, never);
  registerQuickstart(created, never);
  return created;
}

/** The options with which a command of the true program would run. */
async function optionsOf(args: readonly string[], env: Record<string, string>): Promise<Record<string, unknown>> {
  let options: Record<string, unknown> = {};
  class Stop extends Error {}
  const root = program().hook('preAction', (_, command) => {
    applyEnvironment(command, env);
    options = command.opts();
    throw new Stop();
  });
  await root.parseAsync(args, { from: 'user' }).catch((error) => {
    if (!(error instanceof Stop)) throw error;
  });
  return options;
}

test('variables are named after the path of the flag, each after one', () => {
  const leaves = program().commands.flatMap((command) => (command.commands.length > 0 ? command.commands : [command]));
  const names = leaves.flatMap((command) => command.options.map((option) => variableOf(command, option)));
  for (const name of ['SCAN_FAIL_ON', 'SCAN_NO_COLOR', 'FIX_TAG_SUFFIX', 'DB_UPDATE_FROM', 'QUICKSTART_MIRROR']) {
    assert.ok(names.includes(`DRYDOCK_${name}`), name);
  }
  assert.equal(new Set(names).size, names.length);
  for (const own of ['DRYDOCK_CONFIG', 'DRYDOCK_DATA_DIR', 'DRYDOCK_CACHE_DIR', 'DRYDOCK_DEBIAN_MIRROR']) {
    assert.ok(!names.includes(own), own);
  }
});

test('flag over environment over default', async () => {
  const env = { DRYDOCK_SCAN_FAIL_ON: 'high', DRYDOCK_SCAN_PROGRESS: 'json' };
  const fromEnv = await optionsOf(['scan', 'a'], env);
  assert.deepEqual([fromEnv.failOn, fromEnv.progress], ['high', 'json']);
  const typed = await optionsOf(['scan', 'a', '--fail-on', 'low', '--progress', 'auto'], env);
  assert.deepEqual([typed.failOn, typed.progress], ['low', 'auto']);
  assert.equal((await optionsOf(['scan', 'a'], { DRYDOCK_SCAN_FAIL_ON: '' })).failOn, undefined);
  assert.equal((await optionsOf(['fix', 'a'], env)).progress, 'auto', 'another command');
});

test('lists are separated by commas', async () => {
  const env = { DRYDOCK_SCAN_PLATFORM: 'linux/amd64,linux/arm64', DRYDOCK_DB_UPDATE_ONLY: 'Debian,Rocky Linux' };
  assert.deepEqual((await optionsOf(['scan', 'a'], env)).platform, ['linux/amd64', 'linux/arm64']);
  assert.deepEqual((await optionsOf(['db', 'update'], env)).only, ['Debian', 'Rocky Linux']);
  assert.deepEqual((await optionsOf(['scan', 'a', '--platform', 'all'], env)).platform, ['all']);
});

test('switches are true or false and nothing else', async () => {
  const quiet = async (text: string) => (await optionsOf(['scan', 'a'], { DRYDOCK_SCAN_QUIET: text })).quiet;
  assert.deepEqual([await quiet('true'), await quiet('1')], [true, true]);
  assert.deepEqual([await quiet('false'), await quiet('0'), await quiet('')], [undefined, undefined, undefined]);
  await assert.rejects(
    quiet('maybe'),
    (error) => error instanceof UsageError && /DRYDOCK_SCAN_QUIET/.test(error.message),
  );
  const color = async (text: string) => (await optionsOf(['scan', 'a'], { DRYDOCK_SCAN_NO_COLOR: text })).color;
  assert.deepEqual([await color('true'), await color('false')], [false, true]);
});

test('a flag keeps the variables of its alternatives out', async () => {
  const env = { DRYDOCK_FIX_TAG_SUFFIX: '-fixed', DRYDOCK_FIX_ALL_FIXABLE: 'true', DRYDOCK_FIX_FORMAT: 'json' };
  const plain = await optionsOf(['fix', 'a'], env);
  assert.deepEqual([plain.tagSuffix, plain.allFixable, plain.format], ['-fixed', true, ['json']]);
  const typed = await optionsOf(['fix', 'a', '--tag', 't', '--cve', 'CVE-2024-1', '--json'], env);
  assert.deepEqual([typed.tagSuffix, typed.allFixable, typed.format], [undefined, undefined, undefined]);
});
