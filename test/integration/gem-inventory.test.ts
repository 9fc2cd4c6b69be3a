import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { gemCataloger } from '../../src/ecosystems/gem/catalog.ts';
import { catalogOf } from '../support/catalog.ts';
import { mustRun } from '../support/run.ts';
import { needs } from '../support/system.ts';

test("this machine's own gems, default gems included, as RubyGems lists them", async (t) => {
  const sys = needs(t, 'ruby');
  if (!sys) return;
  const program = 'Gem::Specification.each { |s| puts [s.name, s.version, s.loaded_from].join("\\t") }';
  const { stdout } = await mustRun(sys.ruby, ['-e', program]);
  const listed = stdout
    .trim()
    .split('\n')
    .map((line) => line.split('\t') as [string, string, string]);
  const files: Record<string, Buffer> = {};
  for (const [, , path] of listed) files[path.slice(1)] = await readFile(path);
  const { packages, diagnostics } = await catalogOf(gemCataloger, [files]);
  const actual = packages.map(({ name, version, locations }) => [name, version, `/${locations[0]?.path}`]);
  assert.ok(listed.length > 50, 'Ruby has default gems');
  assert.deepEqual(actual.sort(), listed.sort());
  assert.deepEqual(diagnostics, []);
});
