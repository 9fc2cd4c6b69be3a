import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { VolatileStore } from '../ports.ts';
import { Lockout } from './lockout.ts';
import { Throttle } from './throttle.ts';

test('a budget is a burst and then a rate', () => {
  let now = 0;
  const throttle = new Throttle({ burst: 3, perSecond: 2 }, () => now);
  assert.deepEqual(
    [1, 2, 3, 4].map(() => throttle.take('a')),
    [0, 0, 0, 500],
  );
  assert.equal(throttle.take('b'), 0);
  now = 500;
  assert.equal(throttle.take('a'), 0);
  assert.equal(throttle.take('a'), 500);
  now = 0;
  assert.ok(throttle.take('a') > 0);
});

test('no pattern of requests gets more than burst and rate allow', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 }), (pauses) => {
      let now = 0;
      const throttle = new Throttle({ burst: 5, perSecond: 10 }, () => now);
      let taken = 0;
      for (const pause of pauses) {
        now += pause;
        if (throttle.take('a') === 0) taken++;
        assert.ok(taken <= 5 + (now / 1000) * 10 + 1e-6);
      }
    }),
  );
});

function memory(): VolatileStore {
  const rows = new Map<string, { failures: number; until: number }>();
  return {
    takeNonce: async () => true,
    async addFailure(subject) {
      const row = rows.get(subject) ?? { failures: 0, until: 0 };
      rows.set(subject, { ...row, failures: row.failures + 1 });
      return row.failures + 1;
    },
    async lock(subject, until) {
      const row = rows.get(subject);
      if (row !== undefined) row.until = until;
    },
    lockouts: async (subjects) =>
      subjects.flatMap((subject) => {
        const row = rows.get(subject);
        return row === undefined ? [] : [{ subject, until: row.until }];
      }),
    async clear(subjects) {
      for (const subject of subjects) rows.delete(subject);
    },
    sweep: async () => undefined,
  };
}

test('locks double up to an hour; a stranger does not lock the owner out', async () => {
  let now = 0;
  const lockout = new Lockout(memory(), () => now);
  const bad = { kind: 'key' as const, name: 'AK', address: '192.0.2.66' };
  const lengths: number[] = [];
  for (let i = 0; i < 16; i++) {
    await lockout.report(bad, false);
    const ms = await lockout.lockedFor(bad);
    lengths.push(ms / 1000);
    now += ms;
  }
  assert.deepEqual(lengths.slice(0, 8), [0, 0, 0, 0, 15, 30, 60, 120]);
  assert.equal(lengths.at(-1), 3600);
  assert.equal(await lockout.lockedFor({ ...bad, address: '192.0.2.1' }), 0);
  assert.equal(await lockout.lockedFor({ ...bad, kind: 'user' }), 0);
});

test('addresses: spread over names they lock as well; IPv6 by network; mapped IPv4 as IPv4', async () => {
  const lockout = new Lockout(memory(), () => 0);
  const from = (address: string, name: string) => ({ kind: 'user' as const, name, address });
  for (let i = 0; i < 50; i++) await lockout.report(from(`2001:db8:1:2::${i.toString(16)}`, `user${i}`), false);
  assert.ok((await lockout.lockedFor(from('2001:db8:1:2:ffff::1', 'somebody'))) > 0);
  assert.equal(await lockout.lockedFor(from('2001:db8:1:3::1', 'somebody')), 0);
  // One valid sign-in does not clear the count of the address.
  await lockout.report(from('2001:db8:1:2::1', 'mine'), true);
  assert.ok((await lockout.lockedFor(from('2001:db8:1:2::9', 'somebody'))) > 0);
  for (let i = 0; i < 5; i++) await lockout.report(from('::ffff:192.0.2.5', 'alice'), false);
  assert.ok((await lockout.lockedFor(from('192.0.2.5', 'alice'))) > 0);
});
