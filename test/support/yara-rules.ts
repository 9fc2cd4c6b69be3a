import { pick, type Random } from './random.ts';

/** Letters that make chance matches, borders of words and zero bytes of wide text likely. */
const letters = ['a', 'b', 'A', 'B', '1', ' ', '_'];
const bytes = [0x61, 0x62, 0x41, 0x42, 0x31, 0x20, 0x00, 0x90, 0xff];

const number = (random: Random, below: number): number => Math.floor(random() * below);
const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
const hexOf = (byte: number): string => byte.toString(16).padStart(2, '0').toUpperCase();

/** A text string with modifiers, as a rule writes it. */
export function textString(random: Random): string {
  const text = times(1 + number(random, 9), () => pick(random, letters)).join('');
  const kind = pick(random, ['', ' ascii', ' wide', ' ascii wide', '']);
  const escaped = random() < 0.15 ? `${text}\\x00\\t` : text;
  return `"${escaped}"${kind}${random() < 0.4 ? ' nocase' : ''}${random() < 0.3 ? ' fullword' : ''}`;
}

/** A hex string: bytes, open bytes and half bytes, jumps, alternatives. */
export function hexString(random: Random): string {
  const parts = times(1 + number(random, 7), () => hexPart(random, 0));
  return `{ ${hexByte(random)} ${parts.join(' ')} ${hexByte(random)} }`;
}

function hexByte(random: Random): string {
  return hexOf(pick(random, bytes));
}

function hexPart(random: Random, depth: number): string {
  const kind = random();
  if (kind < 0.6) return hexByte(random);
  if (kind < 0.68) return '??';
  if (kind < 0.76) return pick(random, ['6?', '?1', '4?', '?2']);
  if (kind < 0.88) {
    const from = number(random, 4);
    return pick(
      random,
      [`[${from + 1}]`, `[${from}-${from + number(random, 6)}]`, '[0-3]', '[2-]', '[-]'].slice(0, depth > 0 ? 3 : 5),
    );
  }
  if (depth > 1) return hexByte(random);
  const inner = (): string => times(1 + number(random, 3), () => hexPart(random, 2)).join(' ');
  const branch = (): string => (random() < 0.8 ? inner() : `${hexByte(random)} ${hexPart(random, depth + 1)}`);
  // The language wants bytes beside jumps.
  return `( ${times(2 + number(random, 2), () => `${hexByte(random)} ${branch()} ${hexByte(random)}`).join(' | ')} )`;
}

/** A regular expression of what the engine has; `fullword` not with groups, whose matches yara cuts short at times. */
export function regexString(random: Random): string {
  const parts = times(1 + number(random, 4), () => regexPart(random, 0));
  const flags = `${random() < 0.3 ? 'i' : ''}${random() < 0.2 ? 's' : ''}`;
  const anchor = random() < 0.1 ? '^' : random() < 0.1 ? '\\b' : '';
  const kind = pick(random, [
    '',
    '',
    ' ascii',
    ' wide',
    ' nocase',
    parts.some((part) => part.includes('(')) ? '' : ' fullword',
  ]);
  return `/${anchor}${pick(random, ['a', 'b', 'A1', 'ab', 'aB1 '])}${parts.join('')}/${flags}${kind}`;
}

function regexPart(random: Random, depth: number): string {
  const one = (): string =>
    pick(random, ['a', 'b', 'A', '1', ' ', '_', '.', '[ab]', '[^a]', '[0-9A-B]', '\\d', '\\w', '\\s', '\\x90', '\\W']);
  const quantifier = (): string => pick(random, ['', '', '', '*', '+', '?', '{2}', '{1,3}', '{0,2}']);
  if (depth < 2 && random() < 0.2) {
    const branch = (): string => times(1 + number(random, 2), () => regexPart(random, depth + 1)).join('');
    return `(${branch()}|${branch()})${quantifier()}`;
  }
  return one() + quantifier();
}

/**
 * A condition about the strings `$a`, `$b`, `$c1`, `$c2`. Without `for none of` and `#a in (…)`, which yara 4.2 gets wrong or
 * ends with an internal error.
 */
export function condition(random: Random, depth = 0): string {
  if (depth < 3 && random() < 0.45) {
    const inner = (): string => condition(random, depth + 1);
    return pick(random, [
      () => `(${inner()} and ${inner()})`,
      () => `(${inner()} or ${inner()})`,
      () => `not (${inner()})`,
      () => `${inner()} and not ${inner()} or ${inner()}`,
      () => `not defined (${integer(random, 0)})`,
    ])();
  }
  return about(random);
}

function about(random: Random): string {
  const name = (): string => pick(random, ['a', 'b', 'c1', 'c2']);
  const set = (): string => pick(random, ['them', '($a,$b)', '($c*)', '($*)', '($a,$c1)']);
  const quantity = (): string => pick(random, ['any', 'all', '1', '2', '3', 'none']);
  const compare = (): string => pick(random, ['==', '!=', '<', '<=', '>', '>=']);
  const low = number(random, 20);
  return pick(random, [
    () => `$${name()}`,
    () => `$${name()} at ${integer(random, 1)}`,
    () => `$${name()} in (${low}..${low + number(random, 40)})`,
    () => `$${name()} in (filesize-${low}..filesize)`,
    () => `#${name()} ${compare()} ${number(random, 5)}`,
    () => `${quantity()} of ${set()}`,
    () => `${quantity()} of ${set()} in (${low}..${low + 30})`,
    () => `${integer(random, 0)} ${compare()} ${integer(random, 0)}`,
    () => `filesize ${compare()} ${number(random, 300)}`,
    () =>
      `for ${pick(random, ['any', 'all', '1', '2', '3'])} of ${set()} : ( ${pick(random, ['$', `# ${compare()} 2`, `@ ${compare()} ${low}`, `$ at ${low}`, '$ in (0..30)', `@[2] - @[1] ${compare()} 4`, '![1] > 2'])} )`,
    () => `for ${pick(random, ['any', 'all', '2'])} i in (1..#${name()}) : ( @${'a'}[i] ${compare()} ${low} )`,
    () =>
      `for ${pick(random, ['any', 'all', '2'])} i in (0..${number(random, 6)}) : ( uint8(i) ${compare()} uint8(i + 1) )`,
    () =>
      `for ${pick(random, ['any', 'all', '1'])} i in (1,2,${number(random, 5)}) : ( @b[i] + i ${compare()} ${low} and $a )`,
    () => `for any i in (1..3) : ( for all j in (0..i) : ( uint8(i * j) ${compare()} ${pick(random, bytes)} ) )`,
  ])();
}

function integer(random: Random, depth: number): string {
  const name = (): string => pick(random, ['a', 'b', 'c1', 'c2']);
  const leaf = (): string =>
    pick(random, [
      () => `${number(random, 40)}`,
      () => `0x${number(random, 40).toString(16)}`,
      () => `#${name()}`,
      () => `@${name()}`,
      () => `@${name()}[${1 + number(random, 3)}]`,
      () => `!${name()}[${1 + number(random, 3)}]`,
      () => 'filesize',
      () => `uint8(${number(random, 30)})`,
      () => `int8(${number(random, 30)})`,
      () => `uint16(${number(random, 30)})`,
      () => `int16be(${number(random, 30)})`,
      () => `uint32(${number(random, 30)})`,
      () => `int32(${number(random, 30)})`,
      () => `uint32be(filesize - ${number(random, 10)})`,
      () => `uint8(@${name()} + 1)`,
    ])();
  if (depth > 1 || random() < 0.6) return leaf();
  const operator = pick(random, ['+', '-', '*', '\\', '%', '&', '|', '^', '<<', '>>']);
  const right = ['<<', '>>'].includes(operator) ? `${number(random, 9)}` : integer(random, depth + 1);
  return pick(random, [
    `(${integer(random, depth + 1)} ${operator} ${right})`,
    `${leaf()} ${operator} ${right}`,
    `-${leaf()}`,
    `~${leaf()}`,
  ]);
}

/** A file: chance bytes of a small alphabet, with pieces of text that the strings look for. */
export function sampleFile(random: Random, pieces: readonly Uint8Array[]): Buffer {
  const parts = times(1 + number(random, 8), () => {
    if (pieces.length > 0 && random() < 0.5) return Buffer.from(pick(random, pieces));
    return Buffer.from(times(number(random, 40), () => pick(random, bytes)));
  });
  return Buffer.concat(parts);
}

/** Something that a string may match: its text plain, wide or in another case, its hex digits without what is open. */
export function pieceOf(random: Random, string: string): Buffer {
  if (string.startsWith('{')) {
    const digits = string.replace(/\[[^\]]*\]|[{}()|]/g, ' ').replaceAll('?', '1');
    return Buffer.from(digits.replace(/\s+/g, ''), 'hex');
  }
  const text = /^["/](.*)["/]/.exec(string)?.[1]?.replaceAll('\\x00\\t', '\0\t').replaceAll('\\', '') ?? '';
  const cased = random() < 0.3 ? text.toUpperCase() : text;
  return random() < 0.4 ? Buffer.from([...cased].join('\0') + '\0', 'latin1') : Buffer.from(cased, 'latin1');
}
