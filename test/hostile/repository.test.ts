import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createHttpClient } from '../../src/ecosystems/dpkg/fix/repository/http.ts';
import { readKeyring, verifyClearSigned } from '../../src/ecosystems/dpkg/fix/repository/signature.ts';
import { memoryFreshness, openArchive } from '../../src/ecosystems/index.ts';
import { defaultHttpLimits } from '../../src/kernel/index.ts';
import {
  clearSign,
  type ToySuite,
  toyConfig,
  toyDeps,
  toyKey,
  toyNow,
  toyOs,
  toyStanza,
  toySuite,
} from '../support/toy-repository.ts';

const signal = new AbortController().signal;
const key = await toyKey();
const stranger = await toyKey();
const weak = await toyKey({ rsaBits: 1024 });
const packages = toyStanza('tool', '1.2-1');
const inRelease = 'dists/toy/InRelease';
const index = 'dists/toy/main/binary-amd64/Packages.gz';

interface Row {
  readonly name: string;
  readonly code: string;
  readonly suite?: Partial<ToySuite>;
  readonly keyring?: string;
  readonly maxAge?: number;
  readonly spoil?: (files: Map<string, Buffer>) => void | Promise<void>;
}

const text = (files: Map<string, Buffer>): string => files.get(inRelease)?.toString('latin1') ?? '';
const set = (files: Map<string, Buffer>, content: string): void => {
  files.set(inRelease, Buffer.from(content, 'latin1'));
};

/** Group 31 of hostile-inputs.md: what a mirror or somebody on the way to it may answer. */
const rows: readonly Row[] = [
  {
    name: 'unsigned release text',
    code: 'metadata_untrusted',
    spoil: (files) => set(files, text(files).split('\n\n')[1]?.split('-----BEGIN')[0] ?? ''),
  },
  { name: 'signed by another key', code: 'metadata_untrusted', suite: { signer: stranger } },
  {
    name: 'signed with a 1024-bit RSA key',
    code: 'metadata_untrusted',
    suite: { signer: weak },
    keyring: weak.armored,
  },
  {
    name: 'signed in the future',
    code: 'metadata_untrusted',
    suite: { signature: { date: new Date(toyNow.getTime() + 86_400_000) } },
  },
  {
    name: 'text changed after signing',
    code: 'metadata_untrusted',
    spoil: (files) => set(files, text(files).replace('Codename: toy', 'Codename: toy2')),
  },
  {
    name: 'text before the signed block',
    code: 'metadata_untrusted',
    spoil: (files) => set(files, `Origin: Evil\n${text(files)}`),
  },
  {
    name: 'text behind the signed block',
    code: 'metadata_untrusted',
    spoil: (files) => set(files, `${text(files)}Origin: Evil\n`),
  },
  {
    name: 'a second signed block',
    code: 'metadata_untrusted',
    spoil: async (files) => set(files, text(files) + (await clearSign('Origin: Evil\n', stranger, toyNow))),
  },
  {
    name: 'a login page',
    code: 'metadata_untrusted',
    spoil: (files) => set(files, '<html><form action="/login">'),
  },
  { name: 'an empty answer', code: 'metadata_untrusted', spoil: (files) => set(files, '') },
  {
    name: 'an InRelease larger than 8 MiB',
    code: 'limit_exceeded',
    spoil: (files) => set(files, text(files) + '\n'.repeat(8 * 1024 * 1024)),
  },
  {
    name: 'expired Valid-Until',
    code: 'metadata_stale',
    suite: { validUntil: new Date(toyNow.getTime() - 6 * 60_000) },
  },
  { name: 'older than maxAge', code: 'metadata_stale', maxAge: 3600 },
  { name: 'index of another suite', code: 'metadata_untrusted', suite: { edit: (t) => t.replace(': toy', ': other') } },
  { name: 'index of another vendor', code: 'metadata_untrusted', suite: { origin: 'Evil' } },
  { name: 'only MD5 sums', code: 'metadata_untrusted', suite: { edit: (t) => t.replace('SHA256:', 'MD5Sum:') } },
  {
    name: 'a field twice',
    code: 'metadata_untrusted',
    suite: { edit: (t) => t.replace('Origin: Toy', 'Origin: Toy\nOrigin: Toy') },
  },
  {
    name: 'no date',
    code: 'metadata_untrusted',
    suite: { edit: (t) => t.replace(/Date: .*/, 'Date: tomorrow') },
  },
  {
    name: 'package index swapped for one of the same size',
    code: 'metadata_untrusted',
    spoil: (files) => {
      const content = Buffer.from(files.get(index) as Buffer);
      content[content.length - 1] = 1;
      files.set(index, content);
    },
  },
  {
    name: 'package index too long',
    code: 'metadata_untrusted',
    spoil: (files) => files.set(index, Buffer.concat([files.get(index) as Buffer, Buffer.alloc(10)])) && undefined,
  },
  {
    name: 'package index too short',
    code: 'metadata_untrusted',
    spoil: (files) => files.set(index, (files.get(index) as Buffer).subarray(0, 20)) && undefined,
  },
  { name: 'package index missing', code: 'download_failed', spoil: (files) => files.delete(index) && undefined },
  {
    name: 'package index with a stanza of 3 MiB',
    code: 'metadata_untrusted',
    suite: { packages: `Package: tool\nDepends: ${'a, '.repeat(1024 * 1024)}\n` },
  },
];

describe('group 31: signed metadata', () => {
  for (const row of rows) {
    test(row.name, async () => {
      const files = await toySuite(key, { suite: 'toy', packages, ...row.suite });
      await row.spoil?.(files);
      const config = toyConfig(row.keyring ?? key.armored, 'toy', 'file:///toy', row.maxAge);
      await assert.rejects(openArchive(toyOs, 'amd64', toyDeps(config, files), signal), { code: row.code });
    });
  }

  test('signed over SHA-1 by a pinned key', async () => {
    // Made with GnuPG, because our own library refuses to sign like this.
    const folder = new URL('./testdata/', import.meta.url);
    const keyring = await readKeyring('toy', await readFile(new URL('sha1-signed.key.asc', folder), 'latin1'));
    const signed = await readFile(new URL('sha1-signed.txt', folder));
    assert.match(signed.toString('latin1'), /^Hash: SHA1$/m);
    await assert.rejects(verifyClearSigned(signed, keyring, toyNow, 'InRelease'), {
      code: 'metadata_untrusted',
      message: /SHA1/i,
    });
  });

  test('replay of an older index that is still properly signed', async () => {
    const freshness = memoryFreshness();
    const config = toyConfig(key.armored);
    const newer = await toySuite(key, { suite: 'toy', packages, date: new Date('2026-02-28T13:00:00Z') });
    await openArchive(toyOs, 'amd64', toyDeps(config, newer, { freshness }), signal);
    const older = await toySuite(key, { suite: 'toy', packages });
    await assert.rejects(openArchive(toyOs, 'amd64', toyDeps(config, older, { freshness }), signal), {
      code: 'metadata_stale',
    });
  });

  test('a bomb behind a correct hash', async () => {
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024, '\n'));
    const sum = createHash('sha256').update(bomb).digest('hex');
    const files = await toySuite(key, {
      suite: 'toy',
      packages,
      edit: (t) => t.replace(/ [0-9a-f]{64} \d+ /, ` ${sum} ${bomb.length} `),
    });
    files.set(index, bomb);
    const deps = toyDeps(toyConfig(key.armored), files);
    await assert.rejects(openArchive(toyOs, 'amd64', deps, signal), { code: 'too_large' });
  });

  const unusable: Record<string, Record<string, string>> = {
    'a path out of the archive': { Filename: '../../etc/shadow' },
    'an absolute path': { Filename: '/etc/shadow' },
    'another host in the path': { Filename: 'pool//evil.example/x.deb' },
    'a query in the path': { Filename: 'pool/x.deb?y' },
    'an option as name': { Package: '-oProxy=evil' },
    'a hash of another algorithm': { SHA256: 'd41d8cd98f00b204e9800998ecf8427e' },
    'three gigabytes': { Size: '3221225472' },
    'a negative size': { Size: '-1' },
    'a version outside the grammar': { Version: '1.0 $(id)' },
    'a source outside the grammar': { Source: '../kit' },
    'the same field twice': { Sha256: 'a'.repeat(64) },
  };
  for (const [name, fields] of Object.entries(unusable)) {
    test(`a signed stanza with ${name} is never chosen`, async () => {
      const files = await toySuite(key, { suite: 'toy', packages: packages + toyStanza('tool', '2', fields) });
      const universe = await openArchive(toyOs, 'amd64', toyDeps(toyConfig(key.armored), files), signal);
      const names = [...universe.candidates('tool'), ...universe.candidates('-oProxy=evil')];
      assert.deepEqual(
        names.map(({ version }) => version),
        ['1.2-1'],
      );
    });
  }
});

/** A server on this machine whose answers the test writes. */
async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('group 31 and 24: transport', () => {
  const open = async (t: TestContext, base: string, limits = defaultHttpLimits) => {
    const http = createHttpClient({ limits });
    t.after(() => http.close());
    const config = toyConfig(key.armored, 'toy', base);
    return openArchive(toyOs, 'amd64', toyDeps(config, new Map(), { http }), signal);
  };

  test('a correct mirror over http is enough', async (t) => {
    const files = await toySuite(key, { suite: 'toy', packages });
    const base = await serve(t, (request, response) => response.end(files.get(request.url?.slice(1) ?? '')));
    assert.equal((await open(t, base)).candidates('tool').length, 1);
  });

  test('an endless InRelease', async (t) => {
    const base = await serve(t, (_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65536, 'a')));
      };
      response.on('drain', more);
      more();
    });
    await assert.rejects(open(t, base), { code: 'limit_exceeded' });
  });

  test('one byte at a time', async (t) => {
    const base = await serve(t, (_, response) => {
      const timer = setInterval(() => response.write('a'), 5);
      response.on('close', () => clearInterval(timer));
    });
    const limits = { ...defaultHttpLimits, rateWindowMs: 50 };
    await assert.rejects(open(t, base, limits), { code: 'mirror_unavailable', message: /bytes per second/ });
  });

  test('silence', async (t) => {
    const base = await serve(t, () => {});
    const limits = { ...defaultHttpLimits, headersMs: 50 };
    await assert.rejects(open(t, base, limits), { code: 'mirror_unavailable' });
  });

  test('a redirect loop ends after five', async (t) => {
    let asked = 0;
    const base = await serve(t, (_, response) => {
      asked++;
      response.writeHead(302, { location: '/again' }).end();
    });
    await assert.rejects(open(t, base), { code: 'mirror_unavailable', message: /more than 5/ });
    assert.equal(asked, 6);
  });

  for (const location of ['file:///etc/passwd', 'gopher://x/', '']) {
    test(`a redirect to ${location || 'nowhere'}`, async (t) => {
      const base = await serve(t, (_, response) => response.writeHead(302, { location }).end());
      await assert.rejects(open(t, base), { code: 'mirror_unavailable' });
    });
  }

  test('a redirect to another origin gets no credentials', async (t) => {
    const seen: (string | undefined)[] = [];
    const other = await serve(t, (request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(404).end();
    });
    const base = await serve(t, (request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(302, { location: `${other}/x` }).end();
    });
    const http = createHttpClient();
    t.after(() => http.close());
    const mirror = { base, credential: { username: 'user', password: 'secret' } };
    await assert.rejects(http.get(mirror, `${base}/file`, signal), { code: 'download_failed' });
    assert.deepEqual(seen, ['Basic dXNlcjpzZWNyZXQ=', undefined]);
  });

  for (const status of [401, 403, 429, 500, 503]) {
    test(`HTTP ${status} is not an empty archive`, async (t) => {
      const base = await serve(t, (_, response) => response.writeHead(status).end());
      await assert.rejects(open(t, base), { code: 'mirror_unavailable' });
    });
  }
});
