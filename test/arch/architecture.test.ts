import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SourceFile, sourceFiles } from './source-tree.ts';

/** The rows of docs/architecture.md: a folder imports only from rows above its own. */
const rows: readonly (readonly string[])[] = [
  ['kernel'],
  ['image', 'access', 'jobs'],
  ['ecosystems', 'inventory'],
  ['advisories', 'detectors'],
  ['findings'],
  ['scan', 'fix'],
  ['exports', 'notify'],
  ['service'],
  ['adapters', 'api', 'cli'],
  ['app'],
];

const files = sourceFiles('src');
const isTest = (path: string): boolean => path.endsWith('.test.ts') || path.includes('/testdata/');
const production = files.filter((file) => !isTest(file.path));
const folderOf = (path: string): string => path.split('/')[1] ?? '';
const rowOf = (folder: string): number => rows.findIndex((row) => row.includes(folder));

test('every folder of src stands in the layer table', () => {
  const unknown = [...new Set(files.map((file) => folderOf(file.path)))].filter((folder) => rowOf(folder) < 0);
  assert.deepEqual(unknown, []);
});

test('folders import only from rows above their own', () => {
  const wrong: string[] = [];
  for (const file of files) {
    const own = folderOf(file.path);
    for (const { target } of file.imports) {
      const other = folderOf(target);
      if (!target.startsWith('src/') || other === own) continue;
      if (rowOf(other) >= rowOf(own)) wrong.push(`${file.path} → ${target}`);
      if (other === 'adapters' && own !== 'app') wrong.push(`${file.path} → ${target} (only app imports adapters)`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('imports across folders go through index.ts', () => {
  const wrong: string[] = [];
  for (const file of production) {
    for (const { target } of file.imports) {
      // app composes and the command line loads its commands lazily, so both may name a file.
      if (folderOf(file.path) === 'app' || folderOf(target) === folderOf(file.path)) continue;
      if (target.startsWith('src/') && !target.endsWith('/index.ts')) wrong.push(`${file.path} → ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('sources do not import tests, tools or anything outside src', () => {
  const wrong = production.flatMap((file) =>
    file.imports
      .filter(({ target }) => !target.startsWith('src/') || isTest(target))
      .map(({ target }) => `${file.path} → ${target}`),
  );
  assert.deepEqual(wrong, []);
});

test('no import cycles between files', () => {
  const byPath = new Map(production.map((file) => [file.path, file]));
  assert.deepEqual(findCycles(byPath), []);
});

/** Depth-first search with an explicit stack; types count too, since a reader follows them as well. */
function findCycles(byPath: ReadonlyMap<string, SourceFile>): string[] {
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[] = [];
  for (const start of byPath.keys()) {
    if (state.has(start)) continue;
    const stack = [{ path: start, next: 0 }];
    state.set(start, 'open');
    for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
      const target = byPath.get(frame.path)?.imports[frame.next++]?.target;
      if (target === undefined) {
        state.set(frame.path, 'done');
        stack.pop();
      } else if (byPath.has(target) && state.get(target) === 'open') {
        const from = stack.findIndex(({ path }) => path === target);
        cycles.push([...stack.slice(from).map(({ path }) => path), target].join(' → '));
      } else if (byPath.has(target) && !state.has(target)) {
        state.set(target, 'open');
        stack.push({ path: target, next: 0 });
      }
    }
  }
  return cycles;
}

test('files stay small enough to read at once', (t) => {
  const sized = [...files, ...sourceFiles('test'), ...sourceFiles('tools')].filter(
    (file) => !file.path.endsWith('.data.ts'),
  );
  const large = sized.filter((file) => file.lines > 300).map((file) => `${file.lines} ${file.path}`);
  if (large.length > 0) t.diagnostic(`files over 300 lines:\n  ${large.join('\n  ')}`);
  assert.deepEqual(
    sized.filter((file) => file.lines > 500).map((file) => `${file.lines} ${file.path}`),
    [],
  );
});

test('contract.ts and ports.ts hold interfaces and no code', () => {
  const wrong = production.filter(
    (file) =>
      /\/(contract|ports)\.ts$/.test(file.path) && /^(export )?(async )?(function|class|const|let)\b/m.test(file.text),
  );
  assert.deepEqual(
    wrong.map((file) => file.path),
    [],
  );
});

test('processes are started only where that is reviewed, and never through a shell', () => {
  const allowed = [
    'src/image/registry/credentials/helper.ts',
    // Starts our own job processes, with fixed arguments: nothing of an image or a request reaches the command line.
    'src/adapters/workers/job-process.ts',
    // Starts our own module around a native engine, with no arguments and no environment.
    'src/adapters/engines/yara-x/engine-process.ts',
  ];
  const starters = production.filter((file) => file.text.includes('node:child_process')).map((file) => file.path);
  assert.deepEqual(
    starters.filter((path) => !allowed.includes(path)),
    [],
  );
  const shells = files.filter((file) =>
    /shell:\s*true|\bexecSync\(|from 'node:child_process'.*\bexec\b/.test(file.text),
  );
  assert.deepEqual(
    shells.map((file) => file.path),
    [],
  );
});

test('exported symbols say what they mean', () => {
  const bare: string[] = [];
  for (const file of production) {
    const lines = file.text.split('\n');
    lines.forEach((line, index) => {
      const name = /^export (?:async )?(?:abstract )?(?:function\*?|class|const) (\w+)/.exec(line)?.[1];
      const before = lines[index - 1]?.trim() ?? '';
      if (name !== undefined && !before.endsWith('*/')) bare.push(`${file.path}: ${name}`);
    });
  }
  // Error classes and adapters' constants may be self-explanatory; functions and data are not.
  const undocumented = bare.filter((entry) => !/Error$/.test(entry));
  assert.deepEqual(undocumented, []);
});
