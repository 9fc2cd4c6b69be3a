import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AdvisoryKey, AdvisoryRange } from '../contract.ts';
import { rangesFor } from './modules.ts';

const fixes = (...versions: string[]): AdvisoryRange[] =>
  versions.map((version) => [
    ['introduced', '0'],
    ['fixed', version],
  ]);

/** Fixes that are left for an installed build. */
function left(version: string, stream: string | null | undefined, ranges: AdvisoryRange[], title: string | null) {
  const key: AdvisoryKey = {
    ...{ ecosystem: 'AlmaLinux:9', on: 'binary', name: 'p', version },
    ...(stream !== undefined && { stream }),
  };
  return rangesFor(key, ranges, () => title).map((range) => range.at(-1)?.[1]);
}

const title = 'Important: nodejs:20 security update';
// nodejs-devel in ALSA-2026:7896: one stream, two builds.
const builds = ['1:20.20.2-1.module_el9.7.0+226+88d36870', '1:20.20.2-1.module_el9.7.0+224+0af7cc6b'];

test('modules: of several builds of one upstream version the lowest decides', () => {
  assert.deepEqual(left('1:20.20.2-1.module_el9.7.0+224+0af7cc6b', 'nodejs:20', fixes(...builds), title), [builds[1]]);
});

test('modules: another stream is not compared', () => {
  assert.deepEqual(left('1:18.20.4-1.module_el9.4.0+100+aaaaaaaa', 'nodejs:18', fixes(...builds), title), []);
});

test('modules: an older upstream version of the stream is compared with all fixes of it', () => {
  assert.deepEqual(left('1:20.11.0-1.module_el9.4.0+90+aaaaaaaa', 'nodejs:20', fixes(...builds), title), builds);
});

test('modules: builds outside of modules and fixes of modules do not meet, either way', () => {
  const mixed = fixes('1:16.20.2-8.el9_4', ...builds);
  assert.deepEqual(left('1:16.18.1-3.el9_1', null, mixed, title), ['1:16.20.2-8.el9_4']);
  assert.deepEqual(left('1:16.18.1-3.el9_1', null, fixes(...builds), title), []);
  assert.deepEqual(left('1:20.11.0-1.module_el9.4.0+90+a', 'nodejs:20', fixes('1:16.20.2-8.el9_4'), title), []);
  assert.deepEqual(left('1:20.11.0-1.module_el9.4.0+90+a', 'nodejs:20', mixed, title), builds);
});

test('modules: a build whose stream is not known is compared with fixes of its upstream version', () => {
  assert.deepEqual(left('1:20.20.2-1.module_el9.7.0+220+0', undefined, fixes(...builds), title), [builds[1]]);
  assert.deepEqual(left('1:20.11.0-1.module_el9.4.0+90+0', undefined, fixes(...builds), title), []);
});

test('modules: without a title the stream is told by the upstream version', () => {
  // RLSA-2024:4499 and ALSA-2023:5989 name no stream.
  const ruby = fixes('3.1.5-143.module+el8.10.0+1', '3.3.1-2.module+el8.10.0+2');
  assert.deepEqual(left('3.1.2-141.module+el8.9.0+0', 'ruby:3.1', ruby, 'Moderate: ruby security update'), [
    '3.1.5-143.module+el8.10.0+1',
  ]);
  assert.deepEqual(left('3.1.2-141.module+el8.9.0+0', 'ruby:3', fixes('30.1-1.module+el8'), null), []);
  const same = fixes('2.0.24-3.module+el8.5.0+1');
  assert.deepEqual(left('2.0.24-1.module+el8.5.0+0', 'varnish:6', same, null), ['2.0.24-3.module+el8.5.0+1']);
});

test('modules: titles may name several streams', () => {
  const fix = ['6.2.0-1.module_el8.9.0+1'];
  const both = 'Important: virt:rhel, virt-devel:rhel security, bug fix, and enhancement update';
  assert.deepEqual(left('6.0.0-1.module_el8.9.0+0', 'virt-devel:rhel', fixes(...fix), both), fix);
  assert.deepEqual(left('6.0.0-1.module_el8.9.0+0', 'virt:8.2', fixes(...fix), both), []);
});

test('modules: advisories that know none are left as they are', () => {
  const ranges = fixes('1:1.1.1k-9.el8_7');
  const key: AdvisoryKey = { ecosystem: 'AlmaLinux:8', on: 'binary', name: 'p', version: '1-1', stream: null };
  assert.equal(
    rangesFor(key, ranges, () => assert.fail('nobody needs the title')),
    ranges,
  );
});
