import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classifyScript, type ScriptPair } from './classes.ts';

const script = (...lines: string[]): Uint8Array => Buffer.from(`#!/bin/sh\nset -e\n${lines.join('\n')}\nexit 0\n`);
const block = (tool: string, ...lines: string[]): string =>
  [`# Automatically added by ${tool}`, ...lines, '# End automatically added section'].join('\n');
const libc = (version: string): Uint8Array =>
  script(`        if [ -n "$ver" ] && [ "$ver" != "${version}" ]; then`, 'x', 'fi');

const program = Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0);

interface Row {
  readonly name: string;
  readonly before?: Uint8Array;
  readonly after?: Uint8Array;
  readonly pair?: Partial<ScriptPair>;
  readonly expect: 'A' | 'B' | 'C' | 'D' | 'E' | 'needs_script';
}

const rows: Row[] = [
  { name: 'no script', expect: 'A' },
  { name: 'script dropped', before: script('x'), expect: 'A' },
  { name: 'equal', before: script('x'), after: script('x'), expect: 'B' },
  {
    name: 'equal but for the version of the tool that generated a block',
    before: script(block('dh_python3/5.1', 'py3compile -p toy')),
    after: script(block('dh_python3/5.2', 'py3compile -p toy')),
    expect: 'B',
  },
  { name: 'changed', before: script('x'), after: script('y'), expect: 'needs_script' },
  { name: 'script added', after: script('y'), expect: 'needs_script' },
  { name: 'own version in the text', before: script('v=1'), after: script('v=2'), expect: 'needs_script' },
  {
    name: 'changed block that only restarts a service',
    before: script('x'),
    after: script('x', block('dh_installsystemd/13.3', 'systemctl --system daemon-reload >/dev/null || true')),
    expect: 'C',
  },
  {
    name: 'changed block that enables a service',
    before: script('x'),
    after: script('x', block('dh_installsystemd/13.3', "deb-systemd-helper unmask 'toy.service'")),
    expect: 'needs_script',
  },
  {
    name: 'block of an unknown tool',
    before: script('x'),
    after: script('x', block('dh_strange/1', 'true')),
    expect: 'needs_script',
  },
  {
    name: 'the C library compares its own version',
    before: libc('2.31-13+deb11u11'),
    after: libc('2.31-13+deb11u14'),
    pair: { package: 'libc6' },
    expect: 'C',
  },
  { name: 'the same lines elsewhere', before: libc('1'), after: libc('2'), expect: 'needs_script' },
  { name: 'new package with a script', after: script('x'), pair: { from: null }, expect: 'needs_script' },
  {
    name: 'new package with a harmless block only',
    after: script(block('dh_python3/5.1', 'py3compile -p toy')),
    pair: { from: null },
    expect: 'D',
  },
  { name: 'same program', before: program, after: program, expect: 'E' },
  { name: 'changed program', before: program, after: Uint8Array.of(...program, 1), expect: 'needs_script' },
];

for (const { name, before, after, pair, expect } of rows) {
  test(`${expect}: ${name}`, () => {
    const input: ScriptPair = { package: 'toy', script: 'postinst', from: '1', to: '2', before, after, ...pair };
    if (expect === 'needs_script') assert.throws(() => classifyScript(input), { code: 'needs_script' });
    else assert.equal(classifyScript(input), expect);
  });
}
