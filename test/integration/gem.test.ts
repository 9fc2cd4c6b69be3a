import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '../support/debian-image.ts';
import { expectedOf, found, installed, oracle, osvArchive, pick, pipe, scanRoot } from '../support/osv-world.ts';
import { needs } from '../support/system.ts';

test('gems that RubyGems installed are affected as Gem::Requirement says', async (t) => {
  const sys = needs(t, 'ruby');
  const archive = osvArchive(t, 'RubyGems');
  if (!sys || archive === undefined) return;
  await using scratch = await temporaryDirectory();
  const picks = await pick(archive, 'RubyGems', 700, '[A-Za-z0-9._-]+');
  const expected = await expectedOf(picks, sys.ruby, oracle('gem-affected.rb'));
  const rootfs = join(scratch.path, 'root');
  const home = join(rootfs, 'usr/local/lib/ruby/gems/3.1.0');
  const pairs = [...expected.keys()].map((key) => key.split(' '));
  await pipe(JSON.stringify(pairs), sys.ruby, oracle('install-gems.rb'), home);
  await rm(join(home, 'cache'), { recursive: true });

  const report = await scanRoot(rootfs, 'RubyGems', join(scratch.path, 'data'));
  assert.deepEqual(installed(report, 'gem'), [...expected.keys(), 'fixtures 1.0'].sort());
  const actual = found(report, picks);
  const wrong = [...expected].filter(([key, ids]) => JSON.stringify(actual.get(key)) !== JSON.stringify(ids));
  assert.deepEqual(wrong.map(([key, ids]) => ({ key, ids, actual: actual.get(key) })).slice(0, 5), []);
  const affected = [...expected.values()].filter((ids) => ids.length > 0).length;
  assert.ok(affected > 200 && expected.size - affected > 100, `${affected} of ${expected.size} are affected`);
  t.diagnostic(`${affected} of ${expected.size} gems are affected, ${[...expected.values()].flat().length} records`);
});
