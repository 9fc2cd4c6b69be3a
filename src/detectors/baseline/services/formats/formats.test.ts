import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { commandWords } from '../../command-words.ts';
import { readOptions } from '../options.ts';
import { matcher, secretState, serviceReader } from '../source.ts';
import { nginxDirectives } from './blocks.ts';
import { assignments, directives, ini, properties } from './lines.ts';
import { sectionDirectives } from './sections.ts';
import { yamlSettings } from './tree.ts';
import { xmlElements } from './xml.ts';

const settings = (list: Iterable<{ key: string; value: string; line: number | null }>) =>
  [...list].map(({ key, value, line }) => [key, value, line]);

test('the formats of lines', () => {
  assert.deepEqual(settings(directives('# a\nBind 127.0.0.1  ::1\nrequirepass "a b"\nappendonly\n')), [
    ['bind', '127.0.0.1  ::1', 2],
    ['requirepass', 'a b', 3],
    ['appendonly', '', 4],
  ]);
  assert.deepEqual(settings(assignments('export A="b c"\nD=e \\\n  f\n=x\n')), [
    ['A', 'b c', 1],
    ['D', 'e f', 2],
  ]);
  assert.deepEqual(settings(properties('a.b = c\n! no\nd: e\nf g\nh=\\\n  i\n')), [
    ['a.b', 'c', 1],
    ['d', 'e', 3],
    ['f', 'g', 4],
    ['h', 'i', 5],
  ]);
  assert.deepEqual(settings(ini('x=1\n[A b]\nKey = v ; why\nbare\nq = "a;b" ; c\n')), [
    ['x', '1', 1],
    ['a b/key', 'v', 3],
    ['a b/bare', '', 4],
    ['a b/q', 'a;b', 5],
  ]);
});

test('YAML: nested and dotted keys, lists, several documents, lines', () => {
  assert.deepEqual(settings(yamlSettings('a:\n  b.c: 1\n  d: [x, y]\n---\ne:\n')), [
    ['a', '{}', 2],
    ['a.b.c', '1', 2],
    ['a.d.0', 'x', 3],
    ['a.d.1', 'y', 3],
    ['e', '', 5],
  ]);
  assert.throws(() => yamlSettings(`${'['.repeat(100)}`), /nested/);
});

test('nginx and Apache: blocks, quotes, comments', () => {
  assert.deepEqual(
    nginxDirectives(
      'http { # x\n  log_format a "b;{";\n  server { location ~ \\.php$ { root $' + '{dir}/x; } }\n}\n',
    ).map(({ name, args, within, line }) => [name, args, within.length, line]),
    [
      ['http', [], 0, 1],
      ['log_format', ['a', 'b;{'], 1, 2],
      ['server', [], 1, 3],
      ['location', ['~', '\\.php$'], 2, 3],
      ['root', ['$' + '{dir}/x'], 3, 3],
    ],
  );
  assert.deepEqual(
    sectionDirectives('<Directory "/a b">\n  Options +Indexes \\\n  -Other\n</Directory>\nTraceEnable Off\n').map(
      ({ name, args, within, line }) => [name, args, within, line],
    ),
    [
      ['directory', ['/a b'], [], 1],
      ['options', ['+Indexes', '-Other'], ['Directory /a b'], 2],
      ['traceenable', ['Off'], [], 5],
    ],
  );
});

test('options: the last of a name, values that look like options', () => {
  const options = readOptions(['/etc/a.conf', '--bind', '-::1', '127.0.0.1', '--flag', '--x=1', 'free', '--x=2']);
  assert.deepEqual(
    [...options.all],
    [
      ['bind', '-::1 127.0.0.1'],
      ['flag', ''],
      ['x', '2'],
    ],
  );
});

test('secret values never leave their file', () => {
  const source = {
    ...{ id: 'a', files: ['a.conf', 'd/*.cfg'], parse: directives },
    keep: [[/^(pass|word)$/, ['shipped']]] as const,
  };
  const entry = { path: 'etc/a.conf', type: 'file', mode: 0o644, uid: 0, gid: 0, size: 1, mtime: 0 } as const;
  const facts = serviceReader([source]).read(Buffer.from('pass made-up-secret\nword shipped\nother made-up\n'), entry);
  assert.deepEqual(facts, {
    a: {
      settings: [
        { key: 'pass', line: 1, secret: 'set' },
        { key: 'word', line: 2, secret: 'default' },
      ],
    },
  });
  assert.deepEqual(
    ['', 'shipped', `$${'{X}'}`, '%(ENV_X)s', 'x'].map((value) => secretState(value, ['shipped'])),
    ['empty', 'default', 'variable', 'variable', 'set'],
  );
  const match = matcher([source]);
  assert.deepEqual(
    ['a.conf', 'x/a.conf', 'xa.conf', 'd/b.cfg', 'e/d/b.cfg', 'ed/b.cfg', 'd/x/b.cfg'].map(
      (path) => match(path).length,
    ),
    [1, 1, 0, 1, 1, 0, 0],
  );
});

test('no text breaks a parser, and time grows with its length only', () => {
  const parsers: readonly ((text: string) => unknown)[] = [
    ...[directives, assignments, properties, ini].map((parse) => (text: string) => [...parse(text)]),
    ...[commandWords, nginxDirectives, sectionDirectives, yamlSettings, xmlElements],
  ];
  const quiet = (parse: (text: string) => unknown, text: string): void => {
    try {
      parse(text);
    } catch (error) {
      assert.ok(
        error instanceof Error && !(error instanceof RangeError) && !(error instanceof TypeError),
        String(error),
      );
    }
  };
  const piece = fc.constantFrom(
    'a',
    '=',
    ':',
    '\n',
    ' ',
    '"',
    "'",
    '\\',
    '{',
    '}',
    ';',
    '<',
    '>',
    '/',
    '[',
    ']',
    '-',
    '#',
    '&',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 80 }), (pieces) => {
      for (const parse of parsers) quiet(parse, pieces.join(''));
    }),
    { numRuns: 100 },
  );
  for (const repeated of ['a\\\n', '{', '<a>', '<a', '"', '\\', '[', 'a: ', '&a *a ', '${']) {
    for (const parse of parsers) {
      const started = performance.now();
      quiet(parse, repeated.repeat(2000));
      assert.ok(performance.now() - started < 3000, JSON.stringify(repeated));
    }
  }
});
