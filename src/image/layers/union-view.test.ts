import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { FileEntry, LayerTree } from './contract.ts';
import { LayerError } from './errors.ts';
import { buildUnionView } from './union-view.ts';

const plain = { mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 0 };
const file = (path: string, size = 1): FileEntry => ({ ...plain, path, type: 'file', size });
const directory = (path: string, mode = 0o755): FileEntry => ({ ...plain, path, type: 'directory', mode });
const symlink = (path: string, link: string): FileEntry => ({ ...plain, path, type: 'symlink', link });
const hardlink = (path: string, link: string): FileEntry => ({ ...plain, path, type: 'hardlink', link });

function layer(entries: FileEntry[], whiteouts: string[] = [], opaques: string[] = []): LayerTree {
  return { entries, whiteouts, opaques };
}

const usr = layer([directory('usr'), directory('usr/lib'), symlink('lib', 'usr/lib'), file('usr/lib/a')]);

describe('union view', () => {
  it('follows links of parents, and the last part only on request', () => {
    const view = buildUnionView([
      usr,
      layer([file('lib/b'), symlink('etc/os-release', '../lib/b'), symlink('up', '../../usr')]),
    ]);
    assert.equal(view.entry('lib/b')?.path, 'usr/lib/b');
    assert.equal(view.canonical('lib/x/y'), 'usr/lib/x/y');
    assert.equal(view.canonical('lib'), 'lib');
    assert.equal(view.canonical('/../lib/./b'), undefined);
    assert.equal(view.entry('etc/os-release')?.type, 'symlink');
    assert.equal(view.resolve('etc/os-release')?.path, 'usr/lib/b');
    assert.equal(view.resolve('up/lib/../lib/a')?.path, 'usr/lib/a');
    assert.deepEqual(view.children('usr/lib'), ['a', 'b']);
    assert.deepEqual(view.children(''), ['etc', 'lib', 'up', 'usr']);
    assert.deepEqual(view.children('usr/lib/a'), []);
    assert.equal(view.entry('usr/lib/b')?.layer, 1);
    assert.deepEqual(view.entry('usr/lib/b')?.content, { layer: 1, path: 'lib/b', size: 1 });
  });

  it('gives up on loops and on more than 40 links', () => {
    const chain = Array.from({ length: 60 }, (_, i) => symlink(`l${i}`, `l${i + 1}`));
    const view = buildUnionView([
      layer([symlink('a', 'b'), symlink('b', 'a'), ...chain, directory('l60')]),
      layer([file('a/x')]),
    ]);
    assert.equal(view.resolve('a'), undefined);
    assert.equal(view.canonical('a/x'), undefined);
    assert.equal(view.canonical('l0/x'), undefined);
    assert.equal(view.canonical('l30/x'), 'l60/x');
    assert.deepEqual(
      view.diagnostics.map(({ code, path }) => [code, path]),
      [['suspicious_archive', 'a/x']],
    );
  });

  it('lists what upper layers hide, and by which of them', () => {
    const view = buildUnionView([
      layer([directory('d'), file('d/a'), file('d/b'), file('x', 1), directory('e')]),
      layer([file('x', 2), directory('e', 0o700)], ['d']),
      layer([file('x', 3)]),
    ]);
    const hidden = [...view.shadowed()].map(
      ({ entry, layer: from, by }) => `${entry.path} ${entry.size} ${from}>${by}`,
    );
    assert.deepEqual(hidden.sort(), ['d 0 0>1', 'd/a 1 0>1', 'd/b 1 0>1', 'x 1 0>1', 'x 2 1>2']);
    assert.deepEqual(
      [...view.entries()].map(({ path }) => path),
      ['e', 'x'],
    );
    assert.equal(view.entry('e')?.mode, 0o700);
  });

  it('shares content between hard links, also after the target has gone', () => {
    const view = buildUnionView([
      layer([file('a', 5), hardlink('b', 'a'), hardlink('c', 'b'), hardlink('none', 'missing')]),
      layer([hardlink('d', 'a')], ['a']),
      layer([file('b', 9)]),
    ]);
    assert.equal(view.entry('a'), undefined);
    for (const path of ['c', 'd']) assert.deepEqual(view.entry(path)?.content, { layer: 0, path: 'a', size: 5 });
    assert.deepEqual(view.entry('b')?.content, { layer: 2, path: 'b', size: 9 });
    assert.equal(view.entry('none')?.content, undefined);
    assert.deepEqual(
      view.diagnostics.map(({ code }) => code),
      ['dangling_hardlink'],
    );
  });

  it('keeps every entry reachable under its own canonical path', () => {
    const path = fc
      .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join('/'));
    const entry = fc.oneof(
      path.map((p) => file(p)),
      path.map((p) => directory(p)),
      fc.tuple(path, path).map(([p, to]) => symlink(p, `/${to}`)),
    );
    const tree = fc.record({
      entries: fc.array(entry, { maxLength: 12 }),
      whiteouts: fc.array(path, { maxLength: 2 }),
      opaques: fc.array(path, { maxLength: 1 }),
    });
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 4 }), (trees) => {
        const view = buildUnionView(trees);
        for (const item of view.entries()) {
          assert.equal(view.canonical(item.path), item.path);
          assert.deepEqual(view.entry(item.path), item);
          const parent = item.path.slice(0, Math.max(0, item.path.lastIndexOf('/')));
          assert.equal(view.entry(parent)?.type, 'directory');
        }
      }),
    );
  });

  it('refuses links that make paths too expensive to follow', () => {
    const detour = 'a/../'.repeat(800);
    const links = Array.from({ length: 39 }, (_, i) => symlink(`l${i}`, `${detour}l${i + 1}`));
    const entries = [directory('a'), directory('l39'), ...links];
    for (let i = 0; i < 10_000; i++) entries.push(file(`l0/d${i}/x`));
    assert.throws(
      () => buildUnionView([layer(entries)]),
      (error) => error instanceof LayerError && error.code === 'too_large',
    );
  });
});
