import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { effectiveSettings, flagOf, readSetting, settingDefinitions } from './settings.ts';

test('a flag wins over its variable, the variable over the file, the file over the default', () => {
  const at = (flags: Record<string, unknown>, env: Record<string, string>, file: Record<string, string>) => {
    const { value, origin } = effectiveSettings(flags, env, file).get('region') ?? {};
    return [value, origin];
  };
  assert.deepEqual(at({}, {}, {}), ['local', 'default']);
  assert.deepEqual(at({}, {}, { region: 'c' }), ['c', 'file']);
  assert.deepEqual(at({}, { DRYDOCK_REGION: 'b' }, { region: 'c' }), ['b', 'environment']);
  assert.deepEqual(at({ region: 'a' }, { DRYDOCK_REGION: 'b' }, { region: 'c' }), ['a', 'flag']);
  assert.deepEqual(at({}, { DRYDOCK_REGION: '' }, {}), ['local', 'default'], 'an empty variable is none');
});

test('values are read as their kind demands, and refused with the places to correct', () => {
  const read = (env: Record<string, string>, name: 'workers' | 'registryAllow' | 'partialIsSuccess') =>
    readSetting(effectiveSettings({}, env, {}).get(name));
  assert.equal(read({ DRYDOCK_WORKERS: '3' }, 'workers'), 3);
  assert.deepEqual(read({ DRYDOCK_REGISTRY_ALLOW: '127.0.0.0/8, ::1/128,' }, 'registryAllow'), [
    '127.0.0.0/8',
    '::1/128',
  ]);
  assert.equal(read({ DRYDOCK_PARTIAL_IS_SUCCESS: 'true' }, 'partialIsSuccess'), true);
  for (const bad of ['-1', '1.5', 'many', '1e3']) {
    assert.throws(() => read({ DRYDOCK_WORKERS: bad }, 'workers'), /workers is .* not a whole number/);
  }
  assert.throws(() => read({ DRYDOCK_PARTIAL_IS_SUCCESS: 'yes' }, 'partialIsSuccess'), /true or false/);
});

test('every setting is documented with its flag, variable and key', () => {
  const page = readFileSync(
    fileURLToPath(new URL('../../../docs/operations/configuration.md', import.meta.url)),
    'utf8',
  );
  for (const definition of settingDefinitions) {
    const row = `| \`${definition.name}\` | \`${flagOf(definition).split(' ')[0]}\` | \`${definition.variable}\` |`;
    assert.ok(page.includes(row), `docs/operations/configuration.md lacks the row ${row}`);
  }
});
