import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ViewEntry } from '../../../../image/index.ts';
import { readDiversions } from './diversions.ts';
import { createPathResolver } from './paths.ts';

const links: Record<string, string> = { lib: 'usr/lib', up: '../../..', loop: 'pool', pool: 'loop', abs: '/usr' };
const view = {
  entry: (path: string) =>
    links[path] === undefined ? undefined : ({ path, type: 'symlink', link: links[path] } as ViewEntry),
};

test('parents are resolved inside the root, the last component is not', () => {
  const paths = createPathResolver(view, new Map());
  assert.equal(paths.canonical('lib/x/y'), 'usr/lib/x/y');
  assert.equal(paths.canonical('lib'), 'lib');
  assert.equal(paths.canonical('up/etc/x'), 'etc/x');
  assert.equal(paths.canonical('abs/bin/x'), 'usr/bin/x');
  assert.equal(paths.follow('abs'), 'usr');
  assert.equal(paths.canonical('loop/x'), undefined);
});

test('links of the new layer count from then on', () => {
  const paths = createPathResolver(view, new Map());
  assert.equal(paths.canonical('sbin/x'), 'sbin/x');
  paths.addLink('sbin', 'usr/sbin');
  assert.equal(paths.canonical('sbin/x'), 'usr/sbin/x');
});

test('diversions redirect everybody but the package that made them', () => {
  const diversions = readDiversions(Buffer.from('/usr/f\n/usr/f.real\ntoy\n/usr/g\n/usr/g.mine\n:\n'));
  const paths = createPathResolver(view, diversions);
  assert.equal(paths.target('other', 'usr/f'), 'usr/f.real');
  assert.equal(paths.target('toy', 'usr/f'), 'usr/f');
  assert.equal(paths.target('toy', 'usr/g'), 'usr/g.mine');
});
