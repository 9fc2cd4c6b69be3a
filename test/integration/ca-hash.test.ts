import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { computeHashLinks, singleCertificate } from '../../src/ecosystems/dpkg/fix/handlers/ca/rehash.ts';
import { subjectHash } from '../../src/ecosystems/dpkg/fix/handlers/ca/subject-hash.ts';
import { temporaryDirectory } from '../support/debian-image.ts';
import { needs } from '../support/system.ts';

const directory = '/usr/share/ca-certificates/mozilla';

/** Names of the system's own certificates, or none. */
function certificates(): string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith('.crt'));
  } catch {
    return [];
  }
}

test('subject hashes are those of openssl', (t) => {
  const system = needs(t, 'openssl');
  if (!system) return;
  const names = certificates();
  if (names.length === 0) return t.skip('the system has no package ca-certificates');
  for (const name of names) {
    const path = join(directory, name);
    const printed = spawnSync(system.openssl, ['x509', '-noout', '-subject_hash', '-in', path]).stdout.toString();
    const der = singleCertificate(readFileSync(path));
    assert.ok(der, name);
    assert.equal(subjectHash(der), printed.trim(), name);
  }
});

test('hash links are those of openssl rehash', async (t) => {
  const system = needs(t, 'openssl');
  if (!system) return;
  const names = certificates();
  if (names.length === 0) return t.skip('the system has no package ca-certificates');
  await using temporary = await temporaryDirectory();
  const files = names.map((name) => ({ name: `${name.slice(0, -4)}.pem`, pem: readFileSync(join(directory, name)) }));
  // A repeated certificate and a bundle get no link.
  files.push({ name: 'zz-again.crt', pem: files[0]?.pem ?? Buffer.alloc(0) });
  files.push({ name: 'bundle.crt', pem: Buffer.concat(files.slice(0, 2).map(({ pem }) => pem)) });
  for (const { name, pem } of files) writeFileSync(join(temporary.path, name), pem);
  spawnSync(system.openssl, ['rehash', temporary.path]);
  const made = readdirSync(temporary.path).filter((name) => /^[0-9a-f]{8}\.\d+$/.test(name));
  const expected = new Map(made.map((name) => [name, readlinkSync(join(temporary.path, name))]));
  assert.deepEqual(new Map([...computeHashLinks(files, new Map()).links].sort()), new Map([...expected].sort()));
});
