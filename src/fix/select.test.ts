import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixBench } from '../../test/support/fix-world.ts';
import { toyWorld } from '../../test/support/toy-fixer.ts';
import { type ScanReport, type VulnerabilityFinding, vulnerabilitiesIn } from '../findings/index.ts';
import { FixError } from './errors.ts';
import { selectFindings } from './select.ts';

/** A report of the toy world, with its one finding changed or multiplied. */
async function report(...changes: readonly Partial<VulnerabilityFinding>[]): Promise<ScanReport> {
  const bench = fixBench(toyWorld());
  await using opened = await bench.deps.openReference('registry.example/team/app:v1', new AbortController().signal);
  const image = await opened.image(undefined, new AbortController().signal);
  const scanned = await bench.deps.scan(image, new AbortController().signal, () => {});
  const [finding] = vulnerabilitiesIn(scanned);
  assert.ok(finding);
  const packages = scanned.packages.map((entry) =>
    entry.name === 'libfoo' ? { ...entry, source: { name: 'foo', version: '1' } } : entry,
  );
  return { ...scanned, packages, findings: changes.map((change) => ({ ...finding, ...change })) };
}

const ids = (selection: ReturnType<typeof selectFindings>): readonly string[] => selection.grains.map(({ id }) => id);

test('packages are named by their binary or source name; a name that is not there is told', async () => {
  const scanned = await report({ id: 'CVE-1' });
  for (const name of ['libfoo', 'foo']) {
    assert.deepEqual(ids(selectFindings(scanned, { kind: 'packages', names: [name] })), ['CVE-1']);
  }
  const { grains, diagnostics } = selectFindings(scanned, { kind: 'packages', names: ['nonsense'] });
  assert.deepEqual([grains.length, diagnostics[0]?.code], [0, 'package_absent']);
});

test('selectors leave out what is ignored, unimportant, or of an application', async () => {
  const ignored = { reason: 'accepted', by: 'me', until: null };
  const scanned = await report(
    { id: 'CVE-1' },
    { id: 'CVE-2', ignored },
    { id: 'CVE-3', state: 'unimportant' },
    { id: 'CVE-4', kind: 'sca' },
    { id: 'CVE-5', state: 'unfixed', fixedVersion: null },
  );
  const fixable = selectFindings(scanned, { kind: 'all-fixable' });
  assert.deepEqual(ids(fixable), ['CVE-1']);
  assert.deepEqual(
    fixable.diagnostics.map(({ code }) => code),
    ['application_packages_skipped'],
  );
  assert.deepEqual(ids(selectFindings(scanned, { kind: 'severities', levels: ['high'] })), ['CVE-1', 'CVE-5']);
  assert.deepEqual(ids(selectFindings(scanned, { kind: 'severities', levels: ['low'] })), []);
});

test('an id takes all that it names, also what a selector would leave out; an application package is unsupported', async () => {
  const scanned = await report({ id: 'CVE-1', aliases: ['DSA-1'], state: 'unimportant' }, { id: 'CVE-4', kind: 'sca' });
  const { grains } = selectFindings(scanned, { kind: 'ids', ids: ['DSA-1', 'cve-4', 'CVE-1', 'CVE-9'] });
  assert.deepEqual(
    grains.map(({ id, settled }) => [id, settled?.outcome ?? null]),
    [
      ['CVE-1', null],
      ['CVE-4', 'unsupported'],
      ['CVE-9', 'not_affected'],
    ],
  );
});

test('an image that cannot be written to needs an output, and says so', async () => {
  const bench = fixBench();
  const { openReference } = bench.deps;
  bench.deps = {
    ...bench.deps,
    openReference: async (...input) => ({ ...(await openReference(...input)), repository: undefined }),
  };
  await assert.rejects(bench.run(), (error) => error instanceof FixError && error.code === 'output_required');
  const { report: done } = await bench.run({ output: 'oci:out' });
  assert.equal(done.task.status, 'success');
  assert.equal(bench.outputs.get('oci:out')?.tagMap.get('fixed'), done.result?.digest);
});
