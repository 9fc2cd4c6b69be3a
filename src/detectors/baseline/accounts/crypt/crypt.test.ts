import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openHash } from './open-hash.ts';
import { passwordField } from './schemes.ts';

/** Made with the system's crypt(3) of the password `staple 7`; test/integration holds many more against it. */
const hashes: Readonly<Record<string, readonly [cost: string, hash: string]>> = {
  des: ['DES', 'abQ2mlFNgzf6c'],
  md5crypt: ['rounds=1000', '$1$saltsalt$pYvlz/mSHsBBNw4i8uV3w/'],
  sha256crypt: ['rounds=1000', '$5$rounds=1000$saltsalt$8nHiCm8uO6Fx..zIG3SB1r4qyRz8KXEKbsAkscEcVGA'],
  sha512crypt: [
    'rounds=1000',
    '$6$rounds=1000$saltsalt$A3iHAsz4HVMU.i2ceDHN1qKNCMN5izyPZAs7wsKa1xzZI1DB3MveQrJ1y9PY0o7QB9DIs/mkOOxrml4Is6qfG.',
  ],
  bcrypt: ['cost=4', '$2b$04$abcdefghijklmnopqrstueuxjUCbMdyHA1V.E/Mu8ortLoFhvoX8e'],
  scrypt: ['N=256 r=8', '$7$66..../....saltsalt$pDCCoQlnlrmRexdfduvcTciFO14fxvbZrA.5OJI0kq7'],
  yescrypt: ['N=1024 r=8', '$y$j75$abcdefgh$Z.pvlNc7DtjgL.PozGOlcve1TKeV46tjeJhU/JYs/J.'],
};

for (const [scheme, [cost, field]] of Object.entries(hashes)) {
  test(`${scheme}: known answers`, () => {
    assert.deepEqual(passwordField(field), { kind: 'hash', scheme });
    const hash = openHash(field);
    assert.ok(!('closed' in hash));
    assert.equal(hash.cost, cost);
    assert.deepEqual([hash.matches('staple 7'), hash.matches('staple 8'), hash.matches('')], [true, false, false]);
  });
}

test('fields that lock, send elsewhere or are empty', () => {
  const kinds = ['', 'x', '*', '!', '!!', '!$6$salt$abc', '*LK*', 'NP', 'secret'].map(
    (field) => passwordField(field).kind,
  );
  assert.deepEqual(kinds, ['empty', 'elsewhere', ...Array(7).fill('locked')]);
});

/** Digest of the right length, so that the cost is what is refused. */
const digest = 'a'.repeat(43);

test('costs that an image may not ask for are refused before any work', () => {
  const wanted = {
    // N = 2^30 and r = 32; N = 2^15 and r = 32 are 128 MiB; N = 16 and r = 2^30.
    [`$y$jRT$salt$${digest}`]: /64 MiB/,
    [`$y$jCT$salt$${digest}`]: /64 MiB/,
    [`$7$2....z/....salt$${digest}`]: /64 MiB/,
    // Little memory, many times: p = 2^18.
    [`$7$66......./.salt$${digest}`]: /64 MiB|too long/,
    [`$gy$j9T$salt$${digest}`]: /not implemented/,
    $3$$8846f7eaee8fb117ad06bdd830b7586c: /not implemented/,
    $6$salt$short: /malformed/,
    $2b$99$aaaa: /malformed/,
    $y$j$$: /malformed/,
  };
  for (const [field, why] of Object.entries(wanted)) {
    const hash = openHash(field);
    assert.ok('closed' in hash, field);
    assert.match(hash.closed, why, field);
  }
});

test('no field makes the reader throw', () => {
  const part = fc.stringMatching(/^[./0-9A-Za-z$=,]{0,60}$/);
  const prefix = fc.constantFrom('', '$1$', '$5$', '$6$rounds=', '$2b$04$', '$7$', '$y$j', '$y$', '$gy$', '_');
  fc.assert(
    fc.property(prefix, part, fc.string(), (start, middle, end) => {
      for (const field of [start + middle, start + middle + end, end]) openHash(field);
    }),
    { numRuns: 300 },
  );
});
