import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { readSecurityDatabase } from '../../src/advisories/feeds/alpine-secdb.ts';
import { readTracker } from '../../src/advisories/feeds/debian-tracker.ts';
import type { OsvRecord } from '../../src/advisories/feeds/osv-record.ts';

/** Group 44 of hostile-inputs.md for the feeds of vendors: damaged documents end in the errors that are declared. */

const root = mkdtempSync(join(tmpdir(), 'hostile-feeds-'));
after(() => rmSync(root, { recursive: true, force: true }));
const time = '2026-01-01T00:00:00.000Z';

const tracker = JSON.stringify({
  openssl: {
    'CVE-2024-0001': {
      description: 'text',
      releases: {
        bookworm: { status: 'resolved', fixed_version: '3.0.1-1', urgency: 'low', repositories: { bookworm: '3' } },
        bullseye: { status: 'open', urgency: 'not yet assigned', nodsa: 'Minor', nodsa_reason: 'ignored' },
      },
    },
  },
  zlib: { 'TEMP-0000000-AAAAAA': { releases: { sid: { status: 'undetermined', urgency: 'unimportant' } } } },
});
const secdb = JSON.stringify({
  ...{ distroversion: 'v3.19', reponame: 'main', urlprefix: 'https://dl-cdn.alpinelinux.org/alpine' },
  packages: [
    {
      pkg: {
        name: 'openssl',
        secfixes: { '3.1.4-r0': ['CVE-2024-0001', 'CVE-2024-0002 XSA-1'], '0': ['CVE-2024-0003'] },
      },
    },
    { pkg: { name: 'zlib', secfixes: [] } },
  ],
});

async function trackerOf(path: string): Promise<OsvRecord[]> {
  const parts: OsvRecord[] = [];
  for await (const part of readTracker(path, time)) if (part !== undefined) parts.push(part);
  return parts;
}

const secdbOf = async (path: string): Promise<readonly OsvRecord[]> => (await readSecurityDatabase(path, time)).records;

/** Bytes cut out, put in and changed. */
const damage = fc.array(
  fc.record({
    at: fc.nat(2_000),
    cut: fc.nat(20),
    put: fc.oneof(fc.uint8Array({ maxLength: 6 }), fc.constant('"{}[],:')),
  }),
  { minLength: 1, maxLength: 4 },
);

for (const [name, document, read] of [
  ['the Debian tracker', tracker, trackerOf],
  ['the Alpine security database', secdb, secdbOf],
] as const) {
  test(`group 44: damaged documents of ${name} give records or a declared error`, async () => {
    const path = join(root, `${name.replaceAll(' ', '-')}.json`);
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        let bytes = Buffer.from(document);
        for (const { at, cut, put } of changes) {
          const from = at % bytes.length;
          const inserted = typeof put === 'string' ? Buffer.from(put) : put;
          bytes = Buffer.concat([bytes.subarray(0, from), inserted, bytes.subarray(from + cut)]);
          if (bytes.length === 0) bytes = Buffer.from(' ');
        }
        writeFileSync(path, bytes);
        const records = await read(path).catch((error: { code?: string }) => {
          assert.match(String(error.code), /^feed_(invalid|too_large)$/, String(error));
          return [];
        });
        for (const { id, title, affected } of records) {
          assert.match(id, /^[A-Za-z0-9][A-Za-z0-9:._-]{0,127}$/);
          assert.doesNotMatch(title ?? '', /\p{Cc}/u);
          for (const { name, ranges } of affected) {
            assert.match(name, /^[A-Za-z0-9_.+-]{1,255}$/);
            for (const [, version] of ranges.flat()) assert.match(version, /^[A-Za-z0-9._:~+-]{1,256}$/);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
}
