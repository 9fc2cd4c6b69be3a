import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { fixBench, toyImage } from '../../test/support/fix-world.ts';
import { buildTestIndex } from '../../test/support/test-image.ts';
import { toyWorld } from '../../test/support/toy-fixer.ts';
import { exitCodes } from './exit-codes.ts';
import { registerFix } from './fix.ts';
import { Collected } from './output/collected.ts';
import type { Output } from './output/terminal.ts';

interface Ran {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly files: ReadonlyMap<string, string>;
}

async function run(args: readonly string[], bench = fixBench(), signal = new AbortController().signal): Promise<Ran> {
  const stdout = new Collected();
  const stderr = new Collected();
  const files = new Map<string, string>();
  let code: number | undefined;
  const program = new Command().exitOverride();
  registerFix(program, async () => ({
    terminal: { stdout: stdout as unknown as Output, stderr: stderr as unknown as Output, env: {} },
    signal,
    fixDeps: async ({ progress }) => ({ ...bench.deps, progress }),
    writeFile: async (path, bytes) => void files.set(path, Buffer.from(bytes).toString()),
    exit: (value) => {
      code = value;
    },
  }));
  await program.parseAsync(['fix', 'registry.example/team/app:v1', ...args], { from: 'user' });
  return { code, stdout: stdout.bytes().toString(), stderr: stderr.bytes().toString(), files };
}

test('a fix tells the result on stdout and the stages on stderr', async () => {
  const { code, stdout, stderr } = await run(['--all-fixable', '--tag-suffix', '-fixed']);
  assert.equal(code, exitCodes.ok);
  assert.match(stdout, /Fixed and proven/);
  assert.match(stdout, /registry\.example\/team\/app:v1-fixed/);
  assert.deepEqual(stderr.trim().split('\n'), ['planned', 'fetching', 'building', 'pushing', 'verifying', 'promoted']);
});

test('JSON is the report alone; files are written beside', async () => {
  const { stdout, files } = await run(['--all-fixable', '--tag', 'x', '-o', 'json', '-o', 'table=out.txt', '-q']);
  assert.equal((JSON.parse(stdout) as { task: { status: string } }).task.status, 'success');
  assert.match(files.get('out.txt') ?? '', /Fixed and proven/);
});

test('a plan builds nothing', async () => {
  const bench = fixBench();
  const { code, stdout } = await run(['--all-fixable', '--plan'], bench);
  assert.equal(code, exitCodes.ok);
  assert.match(stdout, /libfoo/);
  assert.deepEqual(bench.repository.tagEvents, []);
});

const unfixed = { id: 'CVE-2024-0002', package: 'other', fixed: null, level: 'high' } as const;
const high = { id: 'CVE-2024-0001', package: 'libfoo', fixed: 2, level: 'high' } as const;

test('the plans of several platforms are one JSON document per line', async () => {
  const amd = toyImage({ libfoo: 1 });
  const arm = toyImage({ libfoo: 1 }, { config: { architecture: 'arm64' } });
  const bench = fixBench(toyWorld(), amd);
  bench.repository.seed('arm', arm);
  const platforms = [amd, arm].map((image, index) => ({
    image,
    platform: { os: 'linux', architecture: index === 0 ? 'amd64' : 'arm64' },
  }));
  bench.repository.seed('v1', buildTestIndex(platforms));
  const { code, stdout } = await run(['--all-fixable', '--tag', 'x', '--platform', 'all', '--plan', '--json'], bench);
  assert.equal(code, exitCodes.ok);
  const lines = stdout.trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).plan.platform.architecture),
    ['amd64', 'arm64'],
  );
});

const endings: readonly (readonly [string, number, readonly string[], () => ReturnType<typeof fixBench>])[] = [
  ['nothing to fix', exitCodes.ok, ['--all-fixable'], () => fixBench(toyWorld({ advisories: [] }))],
  ['partial', exitCodes.partial, ['--severity', 'high'], () => fixBench(toyWorld({ advisories: [high, unfixed] }))],
  [
    'nothing applicable',
    exitCodes.partial,
    ['--severity', 'high'],
    () => fixBench(toyWorld({ advisories: [unfixed] })),
  ],
  ['all or nothing', exitCodes.partial, ['--cve', unfixed.id], () => fixBench(toyWorld({ advisories: [unfixed] }))],
  ['not proven', exitCodes.verificationFailed, ['--all-fixable'], () => fixBench(toyWorld({ writes: () => 1 }))],
  ['usage', exitCodes.usage, ['--all-fixable', '--gate', 'x'], () => fixBench()],
  ['bad tag', exitCodes.usage, ['--all-fixable', '--tag', '../x'], () => fixBench()],
];

for (const [name, expected, args, bench] of endings) {
  test(`exit code: ${name}`, async () => {
    const tag = args.includes('--tag') ? [] : ['--tag', 'fixed'];
    assert.equal((await run([...args, ...tag], bench())).code, expected);
  });
}

test('an interrupted fix ends with 130 and says that nothing was tagged', async () => {
  const controller = new AbortController();
  const bench = fixBench();
  bench.repository.disturb = (operation) => {
    if (operation === 'putManifest') controller.abort();
  };
  const { code, stdout } = await run(['--all-fixable', '--tag', 'fixed'], bench, controller.signal);
  assert.equal(code, exitCodes.interrupted);
  assert.match(stdout, /nothing was tagged/);
  assert.deepEqual(bench.repository.tagEvents, []);
});
