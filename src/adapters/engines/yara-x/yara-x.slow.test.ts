import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { type TestContext, test } from 'node:test';
import { compileRules, type RuleSource, rulesForOutside } from '../../../detectors/index.ts';
import { createYaraX, type YaraXOptions } from './yara-x.ts';

const signal = AbortSignal.timeout(60_000);

/** Rules of which the first needs a module, the second a regular expression that our own engine does not search for. */
const text = `
import "elf"
rule needs_module { meta: description = "a made-up program" level = "suspicious" condition: elf.type == elf.ET_EXEC }
rule plain { strings: $a = "made-up-marker" condition: $a }
rule needs_xor { strings: $a = "made-up-hidden" xor condition: $a }
`;

function rulesOf(...sources: readonly Partial<RuleSource>[]) {
  const all = sources.map(
    (source): RuleSource => ({ source: 'own', format: 'yara', name: 'own.yar', text, observed: false, ...source }),
  );
  return async () => rulesForOutside(all, compileRules(all));
}

function open(t: TestContext, options: YaraXOptions) {
  const engine = createYaraX(options);
  t.after(() => engine[Symbol.asyncDispose]());
  const scan = (path: string, bytes: Uint8Array) =>
    engine.scan(
      { path, size: bytes.length },
      (async function* () {
        yield bytes;
      })(),
    );
  return { engine, scan };
}

/** Where the package is, if it is anywhere: tests do not install it. */
function installed(t: TestContext): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(process.env.DRYDOCK_TEST_YARA_X || '@litko/yara-x');
  } catch {
    t.skip('needs @litko/yara-x: install it, or name its folder in DRYDOCK_TEST_YARA_X');
    return undefined;
  }
}

/** A program of 64 bytes that says of itself that it can be executed, as elf(5) lays it out. */
function program(): Buffer {
  const bytes = Buffer.alloc(64);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  bytes.writeUInt16LE(2, 16);
  bytes.writeUInt16LE(62, 18);
  bytes.writeUInt32LE(1, 20);
  bytes.writeUInt16LE(64, 52);
  return bytes;
}

test('an engine that is not installed says so', async (t) => {
  const { engine } = open(t, { rules: rulesOf({}), module: 'drydock-has-no-such-package' });
  await assert.rejects(engine.version(signal), { code: 'engine_not_installed' });
});

test('only the rules that our own engine turned down go outside, with their files', async () => {
  const { sources, wanted } = await rulesOf({}, { name: 'other.yar', text: 'rule other { condition: false }' })();
  assert.deepEqual(
    sources.map(({ name }) => name),
    ['own.yar'],
  );
  assert.deepEqual(
    [...wanted.values()].map((names) => [...names].sort()),
    [['needs_module', 'needs_xor']],
  );
});

test('rules of the full language match, once, under their feed', async (t) => {
  const module = installed(t);
  if (module === undefined) return;
  const rules = rulesOf(
    { source: 'watched', observed: true },
    { name: 'broken.yar', text: `${text} rule x { condition: nope.y }` },
  );
  const { engine, scan } = open(t, { rules, module });
  assert.match(await engine.version(signal), /^YARA-X \d+\.\d+\.\d+ [0-9a-f]{64}$/);
  assert.equal(engine.concern?.(new Date())?.code, 'engine_rules_rejected');
  const { hits, incomplete } = await scan('usr/bin/tool', program());
  assert.equal(incomplete, null);
  assert.deepEqual(hits, [
    {
      ...{ rule: 'needs_module', key: 'TROJAN_IMG', level: 'suspicious', family: null, title: 'a made-up program' },
      ...{ source: 'watched', observed: true, matches: [] },
    },
  ]);
  const hidden = Buffer.from([...Buffer.from('made-up-hidden')].map((byte) => byte ^ 0x21));
  const both = await scan('x', Buffer.concat([Buffer.from('made-up-marker  '), hidden]));
  // The plain rule is for our own engine.
  assert.deepEqual(
    both.hits.map(({ rule, matches }) => [rule, matches]),
    [['needs_xor', [{ offset: 16, length: 14 }]]],
  );
});

test('rules cannot read files of this machine', async (t) => {
  const module = installed(t);
  if (module === undefined) return;
  const { engine } = open(t, { rules: rulesOf({ text: `include "/etc/passwd"\n${text}` }), module });
  await engine.version(signal);
  const { message = '' } = engine.concern?.(new Date()) ?? {};
  assert.match(message, /include statements not allowed/);
  assert.doesNotMatch(message, /root:/);
});

test('an engine that hangs is ended, and the next file gets a new one', async (t) => {
  const module = installed(t);
  if (module === undefined) return;
  const { engine, scan } = open(t, { rules: rulesOf({}), module, limits: { scanMs: 1 } });
  await engine.version(signal);
  const { hits, incomplete } = await scan('x', Buffer.alloc(32 * 1024 ** 2, 'some text'));
  assert.deepEqual([hits, incomplete?.code, incomplete?.partial], [[], 'engine_failed', true]);
});
