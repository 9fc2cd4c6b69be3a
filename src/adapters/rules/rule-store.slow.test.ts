import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { feedRequest, ruleFor, ruleWorld } from '../../../test/support/rule-world.ts';
import { zipArchive } from '../../../test/support/zip-archive.ts';
import { fixedClock } from '../../kernel/index.ts';
import { readRuleFiles } from './read-rule-files.ts';
import { createRuleStore } from './rule-store.ts';

const marker = (at: number) => feedRequest('own', ruleFor(`rule_${at}`, `marker-${at}`));

test('five generations are kept, a rollback leads to the one before, and what nobody needs is removed', async (t) => {
  const { service, store, directory } = ruleWorld(t);
  for (let at = 1; at <= 8; at++) await service.import(marker(at));
  assert.deepEqual(
    (await store.kept()).map(({ number }) => number),
    [8, 7, 6, 5, 4],
  );
  assert.equal(readdirSync(join(directory, 'files')).length, 5);
  assert.equal((await service.rollback()).number, 7);
  assert.equal((await service.rollback()).number, 6);
  assert.equal((await service.rollback(8)).number, 8);
  await service.rollback(4);
  await assert.rejects(service.rollback(), { code: 'nothing_to_roll_back' });
  await assert.rejects(service.rollback(3), { code: 'not_found' });
  // What comes next never takes the number of something else, and leads back to where it came from.
  await service.import(marker(9));
  assert.deepEqual(
    (await store.kept()).map(({ number }) => number),
    [9, 8, 7, 6, 5],
  );
  assert.deepEqual(
    (await store.current())?.feeds.map(({ files }) => files.map(({ name }) => name)),
    [['own.yar']],
  );
});

test('another process sees each change whole, and changes wait for one another', async (t) => {
  const { service, directory } = ruleWorld(t);
  const other = createRuleStore(directory, fixedClock('2026-06-01T00:00:00Z'));
  assert.equal(await other.current(), undefined);
  await Promise.all(Array.from({ length: 6 }, (_, at) => service.import({ ...marker(at), name: `feed-${at}` })));
  const current = await other.current();
  assert.deepEqual([current?.number, current?.feeds.length], [6, 6]);
  assert.deepEqual(readdirSync(directory).sort(), ['current.json', 'files', 'generations']);
});

test('damage is told and never used; a rollback leads to what is whole', async (t) => {
  const { service, store, directory } = ruleWorld(t);
  await service.import(marker(1));
  await service.import(marker(2));
  const current = await store.current();
  const { sha256 = '' } = current?.feeds[0]?.files[0] ?? {};
  const content = join(directory, 'files', sha256);
  const text = readFileSync(content, 'utf8');
  writeFileSync(content, text.replace('marker-2', 'marker-3'));
  await assert.rejects(service.rules.compiled(), { code: 'rules_damaged' });
  await assert.rejects(service.rollback(2), { code: 'rules_damaged' });
  rmSync(content);
  await assert.rejects(service.rules.compiled(), { code: 'rules_damaged' });
  assert.equal((await service.rollback()).number, 1);
  assert.equal((await service.rules.compiled()).set.rules, 1);
});

test('a manifest or pointer that was changed is not believed', async (t) => {
  const { service, store, directory } = ruleWorld(t);
  for (const at of [1, 2]) await service.import(marker(at));
  const folder = join(directory, 'generations');
  const name = readdirSync(folder).find((entry) => entry.startsWith('2.')) ?? '';
  const manifest = readFileSync(join(folder, name), 'utf8');
  writeFileSync(join(folder, name), manifest.replace('"observe"', '"active"'));
  await assert.rejects(store.current(), { code: 'rules_damaged' });
  await assert.rejects(service.import(marker(3)), { code: 'rules_damaged' });
  assert.equal((await service.rollback()).number, 1);
  const pointer = readFileSync(join(directory, 'current.json'));
  for (const damage of ['', '{', '[]', '{"number":1,"sha256":"../../x"}', `{"number":"1"}`, ' '.repeat(5000)]) {
    writeFileSync(join(directory, 'current.json'), damage);
    await assert.rejects(store.current(), { code: 'rules_damaged' }, damage.slice(0, 20));
  }
  writeFileSync(join(directory, 'current.json'), pointer);
  assert.equal((await store.current())?.number, 1);
});

test('folders and archives are read; links, other files and damaged members are left out by name', async (t) => {
  const { at } = ruleWorld(t);
  mkdirSync(at('rules/deep/.git'), { recursive: true });
  writeFileSync(at('rules/deep/a.yar'), ruleFor('a', 'marker'));
  writeFileSync(at('rules/deep/.git/b.yar'), ruleFor('b', 'marker'));
  writeFileSync(at('rules/tool.py'), 'print()');
  symlinkSync('/etc/passwd', at('rules/link.yar'));
  const archive = zipArchive([
    { name: 'in/c.yar', content: ruleFor('c', 'marker') },
    { name: '../../d.yar', content: ruleFor('d', 'marker') },
    { name: 'e.yar', content: 'x', claimedCrc: 1 },
    { name: 'f.png', content: 'x' },
  ]);
  writeFileSync(at('rules/pack.zip'), archive);
  writeFileSync(at('rules/broken.zip'), archive.subarray(0, 200));
  const { files, skipped } = await readRuleFiles([at('rules'), at('rules/deep/a.yar')]);
  assert.deepEqual(
    files.map(({ name }) => name),
    ['deep/a.yar', 'pack.zip!/in/c.yar', 'pack.zip!/../../d.yar', 'a.yar'],
  );
  assert.deepEqual(
    skipped.map(({ name, code }) => [name, code]),
    [
      ['broken.zip', 'archive_invalid'],
      ['link.yar', 'not_a_file'],
      ['pack.zip!/e.yar', 'member_invalid'],
      ['pack.zip!/f.png', 'unknown_format'],
      ['tool.py', 'unknown_format'],
    ],
  );
  await assert.rejects(readRuleFiles([at('nowhere')]), { code: 'rules_unusable' });
  await assert.rejects(readRuleFiles(['/dev/null']), { code: 'rules_unusable' });
});
