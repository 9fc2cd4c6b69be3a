import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sensitiveRules } from './catalogue/list.ts';
import type { ContentRule, FileRule } from './contract.ts';
import { secretVisitors } from './engine/visitor.ts';
import { compileRules } from './engine/window-scan.ts';
import type { SecretFacts } from './facts.ts';
import { fileRules } from './files/list.ts';
import type { Example } from './testdata/examples.ts';
import { fileExamples } from './testdata/file-examples.ts';
import { keyExamples } from './testdata/key-examples.ts';
import { tokenExamples } from './testdata/token-examples.ts';
import { contentRules } from './tokens/list.ts';

const examples: Readonly<Record<string, Example>> = { ...tokenExamples, ...keyExamples, ...fileExamples };
const usualPath = 'srv/app/settings.txt';

/** Facts of one file with one rule. */
function look(rule: ContentRule | FileRule, path: string, content: string | Buffer): SecretFacts {
  const isContent = 'find' in rule;
  const visitor = secretVisitors({
    ...{ id: 'test', version: 1, key: Buffer.from('key') },
    ...{ compiled: compileRules(isContent ? [rule] : []), fileRules: isContent ? [] : [rule] },
  })();
  const bytes = Buffer.from(content as string);
  const entry = { path, type: 'file', mode: 0o644, uid: 0, gid: 0, size: bytes.length, mtime: 0 } as const;
  assert.equal(visitor.wants(entry), 'sink');
  const sink = visitor.sink?.(entry);
  sink?.chunk(bytes);
  sink?.end();
  return visitor.finish();
}

const rules = [...contentRules, ...fileRules];

test('every rule has an id of its own, and a positive and a negative example', () => {
  const ids = rules.map(({ id }) => id);
  assert.deepEqual(ids.toSorted(), [...new Set(ids)].toSorted());
  assert.deepEqual(ids.toSorted(), Object.keys(examples).toSorted());
});

for (const rule of rules) {
  test(`${rule.id} finds its example and nothing in the other one`, () => {
    const { path = usualPath, yes, no, noPath = path } = examples[rule.id] as Example;
    assert.equal(look(rule, path, yes).found.length, 1);
    assert.deepEqual(look(rule, noPath, no).found, []);
  });
}

test('every key of the catalogue can be found', () => {
  const found = new Set(rules.map(({ key }) => key));
  const byLabel = [
    ...[
      'rsa_private_key',
      'dsa_private_key',
      'ec_private_key',
      'openssh_private_key',
      'pgp_private_key',
      'pkcs_private_key',
    ],
    ...['ssh_private_key', 'github_ssh_key', 'pem'],
  ];
  const missing = sensitiveRules.map(({ key }) => key).filter((key) => !found.has(key) && !byLabel.includes(key));
  assert.deepEqual(missing, []);
  const known = new Set(sensitiveRules.map(({ key }) => key));
  assert.deepEqual(
    [...found].filter((key) => !known.has(key)),
    [],
  );
});
