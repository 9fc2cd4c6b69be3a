import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { root } from '../arch/source-tree.ts';
import { cannotRunLoop, debianLayout } from '../support/cli-world.ts';
import { temporaryDirectory } from '../support/debian-image.ts';
import { drydock, environmentOf } from '../support/drydock.ts';
import { validator } from '../support/json-schemas.ts';

/** Escape sequences of colour; spelt without a control character in the source. */
const colour = /\u{1b}\[/u;

describe('what every command promises', () => {
  let scratch: Awaited<ReturnType<typeof temporaryDirectory>>;
  before(async () => {
    scratch = await temporaryDirectory();
  });
  after(async () => scratch[Symbol.asyncDispose]());
  const run = (...args: string[]) => drydock(args, { dataDirectory: join(scratch.path, 'data') });

  const commands = [
    '',
    'scan',
    'sbom',
    'diff',
    'gate',
    'fix',
    'db',
    'db update',
    'db status',
    'db export',
    'db import',
    'quickstart',
  ];
  for (const command of commands) {
    test(`drydock ${command} --help explains itself on standard output`, async () => {
      const words = command.split(' ').filter((word) => word !== '');
      const { code, stdout, stderr } = await run(...words, '--help');
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(stdout, new RegExp(`^Usage: drydock${command && ` ${command}`} `));
      const options = stdout.split('\n').filter((line) => /^ {2}-/.test(line));
      assert.ok(options.length > 0);
    });
  }

  const wrong: readonly (readonly [args: readonly string[], says: RegExp])[] = [
    [['scna', 'x'], /unknown command 'scna'\n\(Did you mean scan\?\)/],
    [['db', 'updat'], /\(Did you mean update\?\)/],
    [['scan'], /missing required argument 'reference'/],
    [['scan', '--platfrom', 'linux/amd64', 'x'], /\(Did you mean --platform\?\)/],
    [['scan', 'x', '-o', 'xml'], /→ Use one of table, json, /],
    [['scan', 'x', '-o', 'json', '-o', 'sarif'], /→ Write the others to files/],
    [['scan', 'x', '--fail-on', 'awful'], /→ Known are critical, high/],
    [['diff', 'x'], /missing required argument 'after'/],
    [['gate', 'x'], /→ Give --policy FILE/],
    [['sbom', 'x', '-o', 'sarif'], /→ Use one of cyclonedx, spdx/],
    [['scan', 'x', '--include', 'all'], /→ Known are dev, declared, removed/],
    [['scan', 'Not A Reference'], /→ Use registry\/repository/],
    [['fix', 'x'], /→ For example --all-fixable/],
    [['fix', 'x', '--all-fixable'], /→ For example --tag-suffix -fixed/],
    [['fix', 'x', '--all-fixabel'], /\(Did you mean --all-fixable\?\)/],
    [['fix', 'x', '--all-fixable', '--cve', 'CVE-2024-1', '--tag', 'y'], /choose one of --cve/],
    [['fix', 'x', '--all-fixable', '--tag', 'y', '--progress', 'loud'], /→ Use one of auto, plain/],
    [['db', 'update'], /→ Give --from URL/],
    [['db', 'status', '-o', 'xml'], /→ Use table or json/],
    [['quickstart', 'extra'], /too many arguments/],
  ];
  for (const [args, says] of wrong) {
    test(`drydock ${args.join(' ')} ends with 2 and says what to write`, async () => {
      const { code, stdout, stderr } = await run(...args);
      assert.equal(code, 2, stderr);
      assert.equal(stdout, '', 'standard output is for results only');
      assert.match(stderr, /^error: /);
      assert.match(stderr, says);
    });
  }

  test('db status answers in JSON', async () => {
    const { code, stdout } = await run('db', 'status', '--json');
    assert.equal(code, 0);
    const status = JSON.parse(stdout);
    assert.deepEqual([status.schemaVersion, status.active], [1, null]);
  });

  test('a mirror that does not answer ends quickstart with one message and nothing left', async () => {
    const dir = join(scratch.path, 'tour');
    const { code, stdout, stderr } = await run('quickstart', '--dir', dir, '--mirror', 'http://127.0.0.1:9', '-q');
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^error: .+\n( {2}because: .+\n)?( {2}→ .+\n)?$/);
    assert.deepEqual(await readdir(dir).catch(() => []), []);
  });
});

describe('outputs of a real scan', { skip: cannotRunLoop() }, () => {
  let scratch: Awaited<ReturnType<typeof temporaryDirectory>>;
  let image: string;
  before(async () => {
    scratch = await temporaryDirectory();
    image = `oci:${await debianLayout(scratch.path)}:v1`;
  });
  after(async () => scratch[Symbol.asyncDispose]());
  const data = (): string => join(scratch.path, 'data');

  test('one scan writes every format at once, each valid by its schema', async () => {
    const formats = ['json', 'cyclonedx', 'spdx', 'sarif', 'openvex'];
    const file = (format: string): string => join(scratch.path, `report.${format}`);
    const outputs = formats.flatMap((format) => ['-o', `${format}=${file(format)}`]);
    const { code, stdout, stderr } = await drydock(['scan', image, '-o', 'table', ...outputs], {
      dataDirectory: data(),
    });
    assert.equal(code, 0, stderr);
    assert.equal(stderr, '', 'quiet outside a terminal');
    assert.doesNotMatch(stdout, colour, 'no colour outside a terminal');
    for (const [format, schema] of [
      ['json', 'report'],
      ['cyclonedx', 'cyclonedx'],
      ['spdx', 'spdx'],
      ['sarif', 'sarif'],
    ] as const) {
      assert.deepEqual(validator(schema)(JSON.parse(await readFile(file(format), 'utf8'))), [], format);
    }
    assert.ok(existsSync(file('openvex')));
  });

  test('NO_COLOR wins over FORCE_COLOR, and so does --no-color', async () => {
    const scan = async (env: NodeJS.ProcessEnv, ...more: string[]): Promise<string> =>
      (await drydock(['scan', image, ...more], { dataDirectory: data(), env })).stdout;
    assert.match(await scan({ FORCE_COLOR: '1' }), colour);
    assert.doesNotMatch(await scan({ FORCE_COLOR: '1', NO_COLOR: '1' }), colour);
    assert.doesNotMatch(await scan({ FORCE_COLOR: '1' }, '--no-color'), colour);
  });

  test('a reader that goes away early is no error', async () => {
    const child = spawn(join(root, 'bin/drydock'), ['scan', image, '--json'], {
      env: environmentOf(data()),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.once('exit', resolve));
    assert.deepEqual([code, stderr], [0, '']);
  });

  test('a threshold ends with 3, or with the number that was asked for', async () => {
    const code = async (...more: string[]) =>
      (await drydock(['scan', image, '-q', ...more], { dataDirectory: data() })).code;
    assert.equal(await code('--fail-on', 'high'), 3);
    assert.equal(await code('--fail-on', 'high,fixable', '--exit-code', '42'), 42);
  });
});
