import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { AdvisoryService, type FeedSources } from '../../src/advisories/index.ts';
import { noProgress, systemClock } from '../../src/kernel/index.ts';
import { answersOf, askingWorlds, type Question, questionsAbout } from '../support/advisory-questions.ts';
import { needs } from '../support/system.ts';

/*
 * The same facts by different ways: the index of the OSV folder, the bundle that is made of it, the bundle that comes with
 * the program, and the feeds of vendors, written from the OSV records by a script of its own.
 */

const root = join(import.meta.dirname, '..', '..');
const osv = join(process.env.DRYDOCK_SHARED ?? join(root, '..', 'shared'), 'osv');
const shipped = join(root, 'data', 'advisories');
const scratch = mkdtempSync(join(tmpdir(), 'advisory-feeds-'));
const names = ['AlmaLinux', 'Alpine', 'Debian', 'Go', 'Maven', 'NuGet', 'Packagist', 'PyPI', 'Rocky Linux'];
const worlds = askingWorlds([...names, 'RubyGems', 'crates.io', 'npm']);
const signal = new AbortController().signal;

after(() => rmSync(scratch, { recursive: true, force: true }));
before(async () => {
  if (existsSync(osv)) await load('all', { from: osv });
});

function serviceAt(name: string, bundled = shipped): AdvisoryService {
  const http = { get: () => assert.fail('no network in this test') };
  return new AdvisoryService({ directory: join(scratch, name), bundled, ecosystems: worlds, http, clock: systemClock });
}

async function load(name: string, sources: FeedSources): Promise<AdvisoryService> {
  const service = serviceAt(name);
  await service.update({ ...sources, progress: noProgress, signal });
  return service;
}

/** Some of the lines that only one of two lists has: the lists are too long to be shown. */
function differences(actual: readonly string[], expected: readonly string[]): string[] {
  const [found, wanted] = [new Set(actual), new Set(expected)];
  return [
    ...actual.filter((line) => !wanted.has(line)).map((line) => `+ ${line}`),
    ...expected.filter((line) => !found.has(line)).map((line) => `- ${line}`),
  ].slice(0, 12);
}

/** Answers without what the question says. */
function lines({ matches, malicious }: ReturnType<typeof answersOf>): string[] {
  return [...matches, ...malicious].map(({ package: { purl }, ...told }) => JSON.stringify({ purl, ...told }));
}

function isLoaded(t: TestContext): boolean {
  if (!existsSync(osv)) t.skip('needs the shared advisory data: set DRYDOCK_SHARED');
  return existsSync(osv);
}

test('the bundle says what the index says that it is made of, and so does the one of the program', async (t) => {
  if (!isLoaded(t)) return;
  const service = serviceAt('all');
  const folder = join(scratch, 'bundle');
  mkdirSync(folder);
  for (const [name, bytes] of await service.bundle()) writeFileSync(join(folder, name), bytes);
  using index = await service.open();
  using made = await serviceAt('none', folder).open();
  using own = await serviceAt('none').open();
  const questions = questionsAbout(join(scratch, 'all'), worlds, 60);
  const expected = answersOf(index, questions);
  assert.ok(expected.matches.length > 10_000, `${expected.matches.length} matches`);
  assert.ok(expected.malicious.length > 5, `${expected.malicious.length} malicious`);
  assert.deepEqual(differences(lines(answersOf(made, questions)), lines(expected)), []);
  assert.deepEqual(differences(lines(answersOf(own, questions)), lines(expected)), [], 'run tools/build-snapshot.ts');
  for (const ecosystem of new Set(questions.map((question) => question.ecosystem))) assert.ok(own.covers(ecosystem));
  t.diagnostic(`${questions.length} package versions, ${expected.matches.length} matches`);
});

test('complaint 15: no flaw of a package is found twice in the real records of any ecosystem', async (t) => {
  if (!isLoaded(t)) return;
  using index = await serviceAt('all').open();
  const { matches } = answersOf(index, questionsAbout(join(scratch, 'all'), worlds, 80));
  let aliased = 0;
  for (const [purl, found] of Map.groupBy(matches, (match) => match.package.purl)) {
    const ids = found.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, purl);
    // A number other than a CVE is one finding's alone; records that name several CVEs are told apart by these.
    const ofOne = found.filter(({ aliases }) => !aliases.some((alias) => /^CVE-/.test(alias)));
    const others = ofOne.flatMap(({ id, aliases }) => (/^CVE-/.test(id) ? aliases : [id, ...aliases]));
    const single = others.filter((id) => /^(GHSA|GO|PYSEC|RUSTSEC)-/.test(id));
    aliased += single.length;
    assert.equal(new Set(single).size, single.length, `${purl}: ${single.join(' ')}`);
    for (const { id, aliases } of found)
      if (!/^CVE-/.test(id)) assert.ok(!aliases.some((alias) => /^CVE-/.test(alias)));
  }
  assert.ok(aliased > 500, `${aliased} aliases`);
});

test("complaint 16: severities of real records say their source, and unknown ones are nobody's", async (t) => {
  if (!isLoaded(t)) return;
  using index = await serviceAt('all').open();
  const { matches } = answersOf(index, questionsAbout(join(scratch, 'all'), worlds, 30));
  for (const { id, severity } of matches) {
    assert.equal(severity.level === 'unknown', severity.source === null, id);
    if (severity.vector !== null) assert.notEqual(severity.score, null, id);
  }
  // The Go database rates nothing: what is rated there comes from others, and that is said.
  const borrowed = matches.filter(({ match, severity }) => match.ecosystem === 'Go' && severity.source !== null);
  assert.ok(borrowed.length > 0, `${borrowed.length} of Go with a severity`);
  assert.deepEqual(
    borrowed.filter(({ severity }) => severity.source === 'go'),
    [],
  );
});

test('feeds of vendors say what the OSV records say that they were written from', async (t) => {
  const system = isLoaded(t) ? needs(t, 'python3') : undefined;
  if (system === undefined) return;
  const folder = join(scratch, 'vendors');
  mkdirSync(folder);
  const oracle = join(import.meta.dirname, 'oracle', 'vendor-feeds.py');
  const { stdout } = await promisify(execFile)(system.python3, [oracle, osv, folder]);
  const written = JSON.parse(stdout) as { branches: number; packages: number; open: number };
  assert.ok(written.branches > 10 && written.packages > 1_000 && written.open === 0, stdout);
  const vendors = await load('vendors-data', {
    debianTracker: join(folder, 'tracker.json'),
    alpineSecdb: [join(folder, 'secdb')],
  });
  const { active } = await vendors.status();
  assert.equal(active?.feeds.length, written.branches + 1);
  assert.deepEqual(
    active?.feeds.filter(({ bad }) => bad > 0),
    [],
  );
  using theirs = await vendors.open();
  using ours = await serviceAt('all').open();
  const questions = questionsAbout(join(scratch, 'all'), worlds, 100).filter(({ ecosystem }) =>
    theirs.covers(ecosystem),
  );
  // Not what is only listed: OSV's list has versions of later releases, which the range of this one does not hold.
  const told = (index: typeof ours, some: readonly Question[]) =>
    answersOf(index, some)
      .matches.filter(({ match }) => /^CVE-/.test(match.advisory) && !match.range.startsWith('= '))
      .map(({ id, package: pkg, state, fixedVersion }) => `${pkg.purl} ${id} ${state} ${fixedVersion}`)
      .sort();
  const expected = told(ours, questions);
  assert.ok(expected.length > 10_000, `${expected.length} matches`);
  assert.deepEqual(differences(told(theirs, questions), expected), []);
  t.diagnostic(`${questions.length} package versions, ${expected.length} matches`);
});
