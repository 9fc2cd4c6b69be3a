import assert from 'node:assert/strict';
import { test } from 'node:test';
import { superLinear } from '../../../test/support/linear-pattern.ts';
import { fileRules } from './files/list.ts';
import { contentRules } from './tokens/list.ts';

test('the linter refuses what can take more than linear time, and nothing else', () => {
  for (const bad of [
    /(a+)+b/,
    /(?:\w{1,9}-){1,9}/,
    /(?:a|ab){1,5}c/,
    /(?:\w|\d){1,9}x/,
    /(a)\1/,
    /(?<x>a)\k<x>/,
    /a*/,
    /\s+$/,
  ]) {
    assert.notEqual(superLinear(bad), undefined, String(bad));
  }
  for (const good of [/ab{1,9}c/, /(?:[^"\\]|\\.){1,99}"/, /(?:-[0-9a-f]{4}){3}/, /(?<![A-Za-z])(?<v>a|b)(?:x)?$/i]) {
    assert.equal(superLinear(good), undefined, String(good));
  }
});

const patterns = [
  ...contentRules.flatMap((rule) => rule.patterns.map((pattern) => ({ id: rule.id, pattern }))),
  ...fileRules.flatMap((rule) => (rule.patterns ?? []).map((pattern) => ({ id: rule.id, pattern }))),
];

test('all patterns of rules pass the linter', () => {
  assert.ok(patterns.length > 150, `${patterns.length} patterns`);
  const wrong = patterns.flatMap(({ id, pattern }) => {
    const why = superLinear(pattern);
    return why === undefined ? [] : [`${id}: ${why}: ${pattern.source}`];
  });
  assert.deepEqual(wrong, []);
});

test('no rule has a pattern without a keyword of four characters', () => {
  const wrong = contentRules.filter(
    ({ keywords }) => keywords.length === 0 || keywords.some((word) => word.length < 4 || word !== word.toLowerCase()),
  );
  assert.deepEqual(
    wrong.map(({ id }) => id),
    [],
  );
});

/** Windows that patterns could stumble over: the keyword, and then one kind of character for a whole window. */
const fillers = [
  'a',
  'A',
  '0',
  '-',
  '.',
  ' ',
  '"',
  "'",
  '=',
  ':',
  '/',
  '\\',
  '\n',
  '_',
  'a0',
  'a:',
  'a=',
  '="',
  'MII',
  '\\n',
];

test('no window takes a rule longer than a moment', () => {
  for (const rule of contentRules) {
    const started = performance.now();
    for (const keyword of rule.keywords.slice(0, 3)) {
      for (const filler of fillers) {
        const tail = filler.repeat(Math.ceil((rule.after + 4096) / filler.length));
        for (const window of [keyword + tail, `${keyword}=${tail}`, (keyword + filler).repeat(200) + tail]) {
          for (const _ of rule.find(window.slice(0, rule.after + 8192), { path: 'app/.env' }));
        }
      }
    }
    const spent = performance.now() - started;
    // Ordinary runs take a tenth of it; what is not linear takes seconds.
    assert.ok(spent < 2_000, `${rule.id}: ${Math.round(spent)} ms`);
  }
});
