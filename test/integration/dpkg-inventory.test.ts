import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { dpkgCataloger } from '../../src/ecosystems/dpkg/catalog.ts';
import { factLayers } from '../support/fact-layers.ts';
import { mustRun } from '../support/run.ts';
import { needs } from '../support/system.ts';

const format =
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own syntax
  '${db:Status-Status}|${db:Status-Want}|${Package}|${Version}|${Architecture}|${source:Package}|${source:Version}\\n';

test("this machine's own packages as dpkg-query lists them", async (t) => {
  const sys = needs(t, 'dpkg-query');
  if (!sys) return;
  const status = await readFile('/var/lib/dpkg/status');
  const { stdout } = await mustRun(sys['dpkg-query'], ['-W', '-f', format]);
  const expected = stdout
    .trim()
    .split('\n')
    .filter((line) => !/^(not-installed|config-files)\|/.test(line))
    .map((line) => line.slice(line.indexOf('|') + 1).replace(/^(?!hold\b)[a-z]+/, 'no hold'));
  const { layers, view } = await factLayers(
    () => dpkgCataloger.analysis.visitor(),
    [{ 'var/lib/dpkg/status': status }],
  );
  const { packages, diagnostics } = dpkgCataloger.coalesce({ layers, view, os: undefined });
  const actual = packages.map(({ held, name, version, arch, source }) =>
    [held ? 'hold' : 'no hold', name, version, arch, source?.name, source?.version].join('|'),
  );
  assert.ok(actual.length > 50, 'a Debian machine has packages');
  assert.deepEqual(actual.sort(), expected.sort());
  assert.deepEqual(diagnostics, []);
});
