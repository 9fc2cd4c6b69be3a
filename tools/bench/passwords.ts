/**
 * What one guess at a password costs by scheme, in CPU time of this process: the check of weak passwords makes at most
 * two hundred for each account. The costs are those that Debian's tools write by default.
 */
import { openHash } from '../../src/detectors/baseline/accounts/crypt/open-hash.ts';

/** Made up: no password is known to fit, which is what most guesses meet. */
const digest = (length: number): string => 'a'.repeat(length - 1).padEnd(length, '.');
const hashes: readonly (readonly [scheme: string, field: string])[] = [
  ['DES crypt', `ab${digest(11)}`],
  ['md5crypt', `$1$saltsalt$${digest(22)}`],
  ['sha256crypt, 5,000 rounds', `$5$saltsaltsaltsalt$${digest(43)}`],
  ['sha512crypt, 5,000 rounds', `$6$saltsaltsaltsalt$${digest(86)}`],
  ['bcrypt, cost 5', `$2b$05$abcdefghijklmnopqrstue${digest(31)}`],
  ['bcrypt, cost 10', `$2b$10$abcdefghijklmnopqrstue${digest(31)}`],
  ['scrypt, N=2^14 r=32', `$7$CU..../....saltsaltsalt$${digest(43)}`],
  ['yescrypt, N=2^12 r=32', `$y$j9T$saltsaltsaltsalt$${digest(43)}`],
];

for (const [scheme, field] of hashes) {
  const hash = openHash(field);
  if ('closed' in hash) {
    console.log(`${scheme}: ${hash.closed}`);
    continue;
  }
  hash.matches('warm up');
  const guesses: number[] = [];
  for (let guess = 0; guess < 9; guess++) {
    const started = process.cpuUsage();
    hash.matches(`guess ${guess}`);
    const { user, system } = process.cpuUsage(started);
    guesses.push((user + system) / 1000);
  }
  const median = guesses.sort((a, b) => a - b)[4] ?? 0;
  console.log(
    `${scheme} (${hash.cost}): ${median.toFixed(1)} ms a guess, 200 in ${((median * 200) / 1000).toFixed(1)} s`,
  );
}
