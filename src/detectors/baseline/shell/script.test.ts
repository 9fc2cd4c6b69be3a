import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseScript, programOf } from './index.ts';

/** The commands of a script as their words. */
const commands = (text: string): string[][] =>
  parseScript(text).commands.map(({ assignments, words }) => [...assignments, ...words].map((word) => word.text));

/** Scripts with the commands that they have (POSIX shell command language §2). */
const scripts: readonly (readonly [script: string, ...words: string[][]])[] = [
  ['a b && c || d; e & f\ng', ['a', 'b'], ['c'], ['d'], ['e'], ['f'], ['g']],
  [`a 'b c' "d e" f\\ g 'it'"'"'s'`, ['a', 'b c', 'd e', 'f g', "it's"]],
  ['a "b\\"c\\$d\\e" \'\\n\'', ['a', 'b"c$d\\e', '\\n']],
  ['a \\\n b \\\n  && c', ['a', 'b'], ['c']],
  ['a b#c # d; e\nf', ['a', 'b#c'], ['f']],
  ['A=1 B="x y" c D=2', ['A=1', 'B=x y', 'c', 'D=2']],
  ['a >f 2>&1 </dev/null b >>g &>h', ['a', 'b']],
  ['a 2 >f 22>g', ['a', '2']],
  ['if a; then b; elif c; then d; else e; fi', ['a'], ['b'], ['c'], ['d'], ['e']],
  ['while a; do b; done; ! c', ['a'], ['b'], ['c']],
  ['(a; b) | { c; d; }', ['a'], ['b'], ['c'], ['d']],
  ['a <<E <<-F b\n1; x\nE\n\t2\n\tF\nc', ['a', 'b'], ['c']],
  ["a <<'E O'\n$(x)\nE O\nb", ['a'], ['b']],
  ['a <<< "b c" d', ['a', 'd']],
  ['a $((1 + (2 << 3))) b', ['a', '$((1 + (2 << 3)))', 'b']],
  [`a $'b\\'c' $"d"`, ['a', "b'c", 'd']],
  ['a "$(b "c d" | e)" f', ['b', 'c d'], ['e'], ['a', '$(b "c d" | e)', 'f']],
  ['a `b \\`c\\`` d', ['c'], ['b', '`c`'], ['a', '`b \\`c\\``', 'd']],
  ['a <(b) >(c)', ['b'], ['c'], ['a', '<(b)', '>(c)']],
  [`a \${b:-c d} "\${e}"`, ['a', `\${b:-c d}`, `\${e}`]],
  [
    'x=$(case $y in a) b;; esac); c',
    ['case', '$y', 'in', 'a'],
    ['b'],
    ['esac'],
    ['x=$(case $y in a) b;; esac)'],
    ['c'],
  ],
  ["sh -c 'a && b'", ['sh', '-c', 'a && b'], ['a'], ['b']],
  ['bash -euxo pipefail -c "a; b"', ['bash', '-euxo', 'pipefail', '-c', 'a; b'], ['a'], ['b']],
  ['bash <<E\na\nE', ['bash'], ['a']],
  ["su u -c 'a b'", ['su', 'u', '-c', 'a b'], ['a', 'b']],
  ["eval 'a;' b", ['eval', 'a;', 'b'], ['a'], ['b']],
  ['', ...[]],
  ['  # only\n\n;;', ...[]],
];

test('a script is cut into commands and words as a shell does', () => {
  for (const [script, ...expected] of scripts) {
    assert.deepEqual(commands(script), expected, script);
    assert.equal(parseScript(script).complete, true, script);
  }
});

test('what does not end is read to the end of the text, and told', () => {
  for (const script of ["a 'b", 'a "b', 'a $(b', 'a `b', 'a <<E\nb', 'a ${b', 'a $((1', "a $'b"]) {
    const parsed = parseScript(script);
    assert.equal(parsed.complete, false, script);
    assert.equal(parsed.commands.at(-1)?.words[0]?.text, 'a', script);
  }
});

test('commands know what they read through a pipe, also from brackets', () => {
  const inputs = (text: string): (string | null)[] =>
    parseScript(text).commands.map(({ input }) => input && `${input.from}-${input.to}`);
  assert.deepEqual(inputs('a | b | c; d'), [null, '0-1', '0-2', null]);
  assert.deepEqual(inputs('a && b | c'), [null, null, '1-2']);
  assert.deepEqual(inputs('(a; b) | c'), [null, null, '0-2']);
  assert.deepEqual(inputs('a | { b; c; }'), [null, '0-1', '0-1']);
  assert.deepEqual(inputs('a |\n b'), [null, '0-1']);
  // What a substitution runs is no input of the command that it is part of.
  assert.deepEqual(inputs('a | b $(c)'), [null, null, '0-1']);
});

test('the program behind sudo, env and their like is found', () => {
  const program = (text: string): string | undefined => {
    const [command] = parseScript(text).commands;
    const found = command && programOf(command);
    return found && [found.name, ...found.arguments.map((word) => word.text)].join(' ');
  };
  assert.equal(program('sudo -E -u root /usr/bin/apt-get update'), 'apt-get update');
  assert.equal(program('env -i A=1 exec nice -n 5 make all'), 'make all');
  assert.equal(program('timeout -s KILL 5m curl x'), 'curl x');
  assert.equal(program('xargs -n 1 rm -f'), 'rm -f');
  assert.equal(program('gosu app server'), 'server');
  assert.equal(program('sudo'), 'sudo');
  assert.equal(program('busybox wget x'), 'wget x');
  assert.equal(program('A=1'), undefined);
});

const pieces = fc.constantFrom(
  ...[
    'a',
    ' ',
    '\n',
    ';',
    '&&',
    '|',
    '(',
    ')',
    '{',
    '}',
    '"',
    "'",
    '`',
    '$(',
    '$((',
    '${',
    '<<E',
    '<(',
    '>',
    '#',
    '\\',
  ],
  ...['sh -c ', 'eval ', 'case ', 'esac', 'E\n', '=', '2', "$'", 'é'],
);

test('any text is read without failing, and no command has more text than there is', () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
      const text = parts.join('');
      for (const { source, words } of parseScript(text).commands) {
        assert.ok(source.length <= text.length);
        for (const word of words) assert.ok(word.text.length <= text.length);
      }
    }),
    { numRuns: 1000 },
  );
});

test('time is in proportion to the text, whatever is repeated', () => {
  const repeated = ['$(', '`', '("', 'a|', '{ ', '<<A ', "sh -c '", 'eval ', '${', '"`', '\\`', '"$(', 'a;', '[', '\\'];
  for (const part of repeated) {
    const text = part.repeat(Math.floor(65_536 / part.length));
    const started = performance.now();
    parseScript(text);
    assert.ok(performance.now() - started < 2000, `${part}: ${performance.now() - started} ms`);
  }
});

test('the limit of commands holds for all scripts inside together', () => {
  const { commands: all, complete } = parseScript('a;'.repeat(30_000));
  assert.equal(all.length, 5000);
  assert.equal(complete, false);
});
