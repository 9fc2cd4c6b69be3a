import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  matchesOf,
  nvdHigh,
  only,
  packageOf,
  storeOf,
  type TestRecord,
  world,
} from '../../../test/support/fact-store.ts';
import type { FactStore } from '../facts.ts';
import { matchPackages } from './matcher.ts';
import { prioritise } from './priority.ts';

const epss = (score: number, percentile: number): Pick<FactStore, 'epss'> => ({
  epss: (cves) => new Map(cves.map((cve) => [cve, { score, percentile }])),
});
const priorities: {
  name: string;
  record?: Partial<TestRecord>;
  more?: Partial<FactStore>;
  package?: string;
  expected: [string, string];
}[] = [
  {
    name: 'KEV',
    more: { exploited: (cve) => cve === 'CVE-2024-0001' },
    expected: ['asap', 'P0: known to be exploited (KEV)'],
  },
  {
    name: 'KEV even in a kernel package',
    package: 'linux-libc-dev',
    more: { exploited: () => true },
    expected: ['asap', 'P0: known to be exploited (KEV)'],
  },
  { name: 'likely with a fix', more: epss(0.42, 0.5), expected: ['asap', 'P1: epss 0.42, fix 5'] },
  { name: 'high percentile with a fix', more: epss(0.01, 0.96), expected: ['asap', 'P1: epss percentile 0.96, fix 5'] },
  {
    name: 'likely without a fix',
    record: { fixed: null },
    more: epss(0.42, 0.99),
    expected: ['nntf', 'P3: severity unknown'],
  },
  { name: 'high', record: { severities: [nvdHigh] }, expected: ['later', 'P2: severity high'] },
  {
    name: 'unimportant',
    record: { urgency: 'unimportant' },
    more: epss(0.9, 0.99),
    expected: ['nntf', 'P3: no security effect, says the vendor'],
  },
];

for (const { name, record, more, package: pkg, expected } of priorities) {
  test(`priority: ${name}`, () => {
    const match = only(matchesOf('Debian:12', [{ id: 'CVE-2024-0001', ...record }], more, pkg));
    assert.deepEqual([match.priority, match.priorityReason], expected);
  });
}

test('priority: kernel files are never urgent without KEV', () => {
  const records = [{ id: 'CVE-2024-0001', severities: [nvdHigh] }];
  const store = storeOf('Debian:12', records);
  const kernel: FactStore = { ...store, facts: () => store.facts('Debian:12', 'p') };
  const pkg = packageOf('linux-libc-dev', '4', 'linux');
  const { matches } = matchPackages([pkg], undefined, [world('Debian:12')], kernel);
  assert.equal(only(matches).priorityReason, 'P3: kernel package, not run from an image');
});

test('priority: kernels of rpm distributions by flavour, not the tools that come with them', () => {
  const severity = { level: 'high', source: null, score: null, vector: null } as const;
  const rest = { state: 'fixed', fixedVersion: '2', severity, kev: false, epss: null } as const;
  const priorityOf = (name: string) => prioritise({ package: { type: 'rpm', name, source: null }, ...rest }).priority;
  const kernels = ['kernel', 'kernel-core', 'kernel-headers', 'kernel-rt-debug-modules', 'kernel-default-base'];
  for (const name of [...kernels, 'kernel-cross-headers', 'kernel-64k-core'])
    assert.equal(priorityOf(name), 'nntf', name);
  for (const name of ['kernel-tools', 'kernel-tools-libs', 'perf', 'kernelshark']) {
    assert.equal(priorityOf(name), 'later', name);
  }
});
