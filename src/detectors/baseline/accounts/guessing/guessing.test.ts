import assert from 'node:assert/strict';
import { test } from 'node:test';
import { candidatesOf, imageName } from './candidates.ts';
import { commonPasswords } from './common-passwords.data.ts';

test('what is tried first is what names say, each once', () => {
  const candidates = candidatesOf('admin', { host: 'web', image: 'shop', words: ['Own#1', 'web'] });
  const first = ['', 'admin', 'admin123', 'nimda', 'web', 'shop', 'Own#1'];
  assert.deepEqual(
    candidates.slice(0, first.length).map(({ password }) => password),
    first,
  );
  assert.equal(new Set(candidates.map(({ password }) => password)).size, candidates.length);
  assert.equal(candidates.find(({ password }) => password === 'qwerty')?.weakness, 'common password');
});

test('all bundled candidates fit into the usual budget of 200', () => {
  assert.ok(commonPasswords.length >= 150);
  assert.ok(candidatesOf('somebody', { host: 'h', image: 'i', words: [] }).length <= 200);
});

test('the image name is the last part of the repository', () => {
  assert.equal(imageName('registry.example:5000/team/app:1@sha256:00'), 'app');
  assert.equal(imageName('app'), 'app');
  assert.equal(imageName('/srv/images/'), 'images');
  assert.equal(imageName(''), undefined);
});
