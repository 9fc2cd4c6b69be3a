import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { Command } from 'commander';
import { ruleFor, ruleWorld } from '../../test/support/rule-world.ts';
import type { RuleSource } from '../detectors/index.ts';
import { exitCodes } from './exit-codes.ts';
import { registerRules } from './rules.ts';

const bundled: RuleSource = {
  ...{ source: 'bundled', format: 'yara', name: 'own.yar', text: ruleFor('ours', 'our-own-marker'), observed: false },
};

/** An installation; runs `drydock rules …` in it. Files are named relative to its folder. */
function installation(t: TestContext) {
  const world = ruleWorld(t, [bundled]);
  const drydock = async (...args: readonly string[]) => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const codes: number[] = [];
    const program = new Command('drydock').exitOverride();
    registerRules(program, async () => ({
      ...{ service: world.service, clock: world.clock, user: 'tester', terminal: { stdout, stderr, env: {} } },
      signal: new AbortController().signal,
      readRules: async (paths) => ({
        files: await Promise.all(paths.map(async (name) => ({ name, bytes: await readFile(world.at(name)) }))),
        skipped: [],
      }),
      async openFile(path) {
        const bytes = await readFile(world.at(path));
        return { size: bytes.length, content: new PassThrough().end(bytes) };
      },
      exit: (code) => codes.push(code),
    }));
    await program.parseAsync(['rules', ...args], { from: 'user' });
    assert.equal(codes.length, 1);
    return { code: codes[0], out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
  };
  const file = (name: string, text: string): void => writeFileSync(world.at(name), text);
  return { ...world, drydock, file };
}

test('rules ls before the first import', async (t) => {
  const { drydock } = installation(t);
  const { code, out } = await drydock('ls');
  assert.equal(code, exitCodes.ok);
  assert.match(out, /^feed +state +rules +rejected +age +licence +source\nbundled +active +1 +0 +as Drydock\n/);
  assert.match(out, /Nothing is imported: drydock rules import PATH…\n$/);
  const document = JSON.parse((await drydock('ls', '--json')).out);
  assert.deepEqual(document, {
    ...{ schemaVersion: 1, generation: null, kept: [], feeds: [] },
    bundled: { rules: 1, rejected: { total: 0 } },
  });
});

test('rules import says what it took, what it did not and why; ls shows state, age, terms and source', async (t) => {
  const { drydock, file, setTime } = installation(t);
  file('my rules.yar', `${ruleFor('good', 'made-up-marker')}rule bad { condition: pe.is_pe }\n`);
  const args = ['--licence', 'DRL 1.1', '--source', 'https://rules.example/\u001b[31m'];
  const { code, out } = await drydock('import', 'my rules.yar', ...args);
  assert.equal(code, exitCodes.ok);
  assert.equal(
    out,
    [
      'Imported my-rules: 1 rule of 1 file.',
      '  state: observed until 2026-06-08: hits are shown and not counted; `drydock rules enable my-rules` ends that',
      '  licence: DRL 1.1 (author and meta data of the rules must stay with them)',
      '  my-rules: 1 rule cannot be used',
      '    my rules.yar:2  bad  module: the module pe is not supported',
      '',
    ].join('\n'),
  );
  setTime('2026-06-03T00:00:00Z');
  const { out: table } = await drydock('ls');
  assert.match(
    table,
    /my-rules +observe until 2026-06-08 +1 +1 +2 days old +DRL 1\.1 \(.*\) +https:\/\/rules\.example\/\\x1b\[31m\n/,
  );
  assert.match(
    (await drydock('ls', '--rejected')).out,
    /^ {2}my-rules: 1 rule cannot be used\n.*:2 {2}bad {2}module: /,
  );
  const { feeds } = JSON.parse((await drydock('ls', '-o', 'json', '--rejected')).out);
  assert.deepEqual(
    [feeds[0].importedBy, feeds[0].rejected.listed[0].rule, feeds[0].files[0].format],
    ['tester', 'bad', 'yara'],
  );
  assert.match((await drydock('import', 'my rules.yar', ...args)).out, /imported already/);
});

test('rules that are enabled, disabled, watched, removed and brought back', async (t) => {
  const { drydock, file } = installation(t);
  file('a.yar', ruleFor('good', 'made-up-marker'));
  file('sample', 'a made-up-marker in it');
  await drydock('import', 'a.yar', '--name', 'own', '--enable');
  assert.match((await drydock('test', 'sample')).out, /^sample {2}good {2}own {2}serious {2}at 2\+14\n$/);
  assert.match((await drydock('observe', 'own')).out, /^own: hits are shown and not counted until 2026-06-08\.\n$/);
  const watched = await drydock('test', 'sample');
  assert.deepEqual([watched.code, watched.out.includes('serious (observed)')], [exitCodes.threshold, true]);
  assert.match((await drydock('disable', 'own')).out, /is not used any more/);
  assert.deepEqual(await drydock('test', 'sample'), { code: exitCodes.ok, out: 'sample  no hit\n', err: '' });
  assert.match((await drydock('enable', 'own')).out, /hits count from now on/);
  assert.match((await drydock('remove', 'own')).out, /^Removed own\./);
  const gone = await drydock('enable', 'own');
  assert.deepEqual([gone.code, /no imported feed is called own/.test(gone.err)], [exitCodes.notFound, true]);
  assert.match(
    (await drydock('rollback')).out,
    /^Generation 4 of 2026-06-01 is in use again \(enable own\)\.\n {2}feeds: own\n/,
  );
  assert.match((await drydock('rollback', '--to', '1')).out, /^Generation 1 /);
  assert.equal((await drydock('rollback')).code, exitCodes.error);
  assert.equal((await drydock('rollback', '--to', '77')).code, exitCodes.notFound);
});

test('rules test tries rules without importing them', async (t) => {
  const { drydock, file, store } = installation(t);
  file('new.yar', `${ruleFor('fresh', 'new-marker')}rule bad { condition: pe.is_pe }\n`);
  file('hit', 'new-marker our-own-marker');
  file('clean', 'nothing');
  const tried = await drydock('test', '--rules', 'new.yar', 'hit', 'clean');
  assert.equal(tried.code, exitCodes.threshold);
  assert.equal(tried.out, 'hit  fresh  --rules  serious  at 0+10\nclean  no hit\n');
  assert.match(tried.err, /new\.yar:2 {2}bad {2}module: /);
  const lint = await drydock('test', '--rules', 'new.yar');
  assert.deepEqual([lint.code, lint.out], [exitCodes.partial, 'Rules that can be used: 1.\n']);
  const { files, rejected } = JSON.parse((await drydock('test', '--json', '--rules', 'new.yar', 'hit')).out);
  assert.deepEqual(
    [files[0].file, files[0].hits[0].rule, files[0].hits[0].matches, rejected[0].line],
    ['hit', 'fresh', [{ offset: 0, length: 10 }], 2],
  );
  assert.equal((await drydock('test', 'hit')).out, 'hit  ours  bundled  serious  at 11+14\n');
  assert.equal(await store.current(), undefined);
});

for (const [what, args, code] of [
  ['nothing to test', ['test'], exitCodes.usage],
  ['an unknown output', ['ls', '-o', 'xml'], exitCodes.usage],
  ['an unknown format of rules', ['import', 'x.yar', '--format', 'sigma'], exitCodes.usage],
  ['the name of our own rules', ['import', 'x.yar', '--name', 'bundled'], exitCodes.usage],
  ['a name with a path in it', ['import', 'x.yar', '--name', '../x'], exitCodes.usage],
  ['rules of which none can be used', ['import', 'x.yar'], exitCodes.usage],
  ['a generation that is none', ['rollback', '--to', 'last'], exitCodes.usage],
  ['a rollback before the first import', ['rollback'], exitCodes.error],
  ['a feed that is not there', ['disable', 'nobody'], exitCodes.notFound],
  ['a file that is not there', ['test', 'nowhere'], exitCodes.notFound],
] as const) {
  test(`${what} ends with ${code} and a reason`, async (t) => {
    const { drydock, file } = installation(t);
    file('x.yar', 'rule broken {');
    const { code: ended, out, err } = await drydock(...args);
    assert.deepEqual([ended, out], [code, '']);
    assert.match(err, /^error: /);
  });
}
