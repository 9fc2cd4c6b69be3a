import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanLine } from './log-lines.ts';
import { derivedTag, isTargetTag } from './target-tag.ts';

test('lines of a log hold no credentials', () => {
  for (const text of [
    'GET https://robot:canary-secret@registry.example/v2/',
    'Authorization: Basic Y2FuYXJ5LXNlY3JldA==',
    'authorization: bearer canary-secret-canary',
    '{"password":"canary-secret"}',
    'https://blob.example/x?X-Amz-Signature=canary-secret&y=1',
    'token=canary-secret',
    'Cookie: canary-secret',
  ]) {
    const line = cleanLine(text);
    assert.ok(!/canary|Y2FuYXJ5/.test(line), `${text} → ${line}`);
  }
  assert.equal(cleanLine('libssl3 3.0.11 -> 3.0.13'), 'libssl3 3.0.11 -> 3.0.13', 'the rest stays');
});

test('lines of a log are one line, and move no cursor and no reading direction', () => {
  const line = cleanLine('a\u001b[31mred\u001b[0m\r\nb\u202Ec\u0000d\u2028e\u009bf');
  assert.ok(!/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(line), JSON.stringify(line));
  assert.ok(cleanLine('x'.repeat(1_000_000)).length <= 2_000);
});

test('a derived tag replaces an older ending of a fix and stays a tag', () => {
  const digest = `sha256:${'ab'.repeat(32)}`;
  // The published example: a second fix replaces the time of the first (alibaba-operations.md §3.1).
  assert.equal(derivedTag({ tag: '1.4.2', digest }, 1671159960000), '1.4.2_fix_1671159960000');
  assert.equal(derivedTag({ tag: '1.4.2_fix_1671159450000', digest }, 1671159960000), '1.4.2_fix_1671159960000');
  assert.equal(derivedTag({ tag: null, digest }, 5), 'abababababab_fix_5');
  const long = derivedTag({ tag: 'x'.repeat(128), digest }, 1671159960000);
  assert.equal(long.length, 128);
  assert.ok(isTargetTag(long) && long.endsWith('_fix_1671159960000'));
});

test('only tags may name a result', () => {
  for (const good of ['1', 'latest', '_x', 'A.b-c_d', 'x'.repeat(128)]) assert.ok(isTargetTag(good), good);
  for (const bad of ['', '../x', 'latest;id', '$(id)', 'x'.repeat(129), '@sha256:aa', '.x', '-x', 'ü', 'a b', 'a\n']) {
    assert.ok(!isTargetTag(bad), bad);
  }
  assert.ok(!isTargetTag('drydock-tmp-1'), 'the engine keeps these for itself');
});
