import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { advisoryWorld, idsOf, osvDocument, refused } from '../../test/support/advisory-world.ts';
import { serveHttp } from '../../test/support/http-server.ts';
import { httpFetcher } from './feeds/http-fetcher.ts';

/** A server of the OSV layout that knows entity tags, and a service that loads from it. */
async function remoteWorld(t: TestContext) {
  const served = new Map<string, { readonly content: string | Buffer; readonly tag?: string }>();
  const asked: string[] = [];
  const origin = await serveHttp(t, ({ url = '', headers }, response) => {
    const path = decodeURIComponent(url);
    asked.push(path);
    const file = served.get(path);
    if (file === undefined) return response.writeHead(404).end('nothing');
    if (file.tag !== undefined && headers['if-none-match'] === file.tag) return response.writeHead(304).end();
    return response.writeHead(200, file.tag === undefined ? {} : { etag: file.tag }).end(file.content);
  });
  const http = httpFetcher();
  t.after(() => http[Symbol.asyncDispose]());
  const world = advisoryWorld(t, { http });
  const archive = (documents: Parameters<typeof world.feed>[1], tag: string): void => {
    world.feed('Debian', documents);
    served.set('/osv/Debian/all.zip', { content: readFileSync(join(world.from, 'Debian', 'all.zip')), tag });
  };
  served.set('/osv/ecosystems.txt', { content: 'Debian\nDebian:12\nGIT\n' });
  const update = async (more: Parameters<typeof world.request>[0] = {}) => {
    asked.length = 0;
    const { changed } = await world.service.update(world.request({ from: `${origin}/osv`, ...more }));
    return { changed, asked: asked.map((path) => path.slice('/osv/'.length)) };
  };
  return { ...world, served, archive, update };
}

const later = '2026-01-03T00:00:00Z';

test('without a list of changes the entity tag tells whether the archive is another', async (t) => {
  const { archive, update, service } = await remoteWorld(t);
  archive([osvDocument(1, '9')], '"1"');
  const listed = ['ecosystems.txt', 'Debian/all.zip', 'Debian/modified_id.csv'];
  assert.deepEqual(await update(), { changed: true, asked: listed });
  assert.deepEqual(await update(), {
    changed: false,
    asked: ['ecosystems.txt', 'Debian/modified_id.csv', 'Debian/all.zip'],
  });
  archive([osvDocument(1, '9'), osvDocument(2, '9', later)], '"2"');
  assert.equal((await update()).changed, true);
  assert.deepEqual(await idsOf(service), ['CVE-2024-0001', 'CVE-2024-0002']);
});

test('changed records are fetched one by one: new, newer and withdrawn', async (t) => {
  const { archive, update, service, served } = await remoteWorld(t);
  archive([osvDocument(1, '9'), osvDocument(2, '9'), osvDocument(3, '9')], '"1"');
  await update();
  const changes = `${later},CVE-2024-0002\n${later},CVE-2024-0003\n${later},CVE-2024-0004\n2025-12-31T00:00:00Z,CVE-2024-0001\n`;
  served.set('/osv/Debian/modified_id.csv', { content: `nonsense\n${later},../../secret\n${changes}` });
  const withdrawn = { ...osvDocument(3, '9', later), withdrawn: later };
  for (const document of [osvDocument(2, '3', later), withdrawn, osvDocument(4, '9', later)]) {
    served.set(`/osv/Debian/${document.id}.json`, { content: JSON.stringify(document) });
  }
  const { changed, asked } = await update();
  assert.equal(changed, true);
  assert.deepEqual(asked.slice(0, 2), ['ecosystems.txt', 'Debian/modified_id.csv']);
  assert.deepEqual(
    asked.slice(2).sort(),
    [2, 3, 4].map((number) => `Debian/CVE-2024-000${number}.json`),
  );
  assert.deepEqual(await idsOf(service), ['CVE-2024-0001', 'CVE-2024-0004']);
  assert.deepEqual(await update(), { changed: false, asked: ['ecosystems.txt', 'Debian/modified_id.csv'] });
});

test('records that an archive lacks although the list of changes has them are added', async (t) => {
  const { archive, update, service, served } = await remoteWorld(t);
  archive([osvDocument(1, '9')], '"1"');
  served.set('/osv/Debian/modified_id.csv', { content: `${later},CVE-2024-0002\n${later},CVE-2024-0009\n` });
  served.set('/osv/Debian/CVE-2024-0002.json', { content: JSON.stringify(osvDocument(2, '9', later)) });
  await update();
  assert.deepEqual(await idsOf(service), ['CVE-2024-0001', 'CVE-2024-0002']);
});

test('more changes than 2,000 are read as an archive', async (t) => {
  const { archive, update, served } = await remoteWorld(t);
  archive([osvDocument(1, '9')], '"1"');
  await update();
  const many = Array.from({ length: 2_001 }, (_, index) => `${later},CVE-2025-${String(index).padStart(4, '0')}`);
  served.set('/osv/Debian/modified_id.csv', { content: many.join('\n') });
  archive([osvDocument(1, '9'), osvDocument(2, '9', later)], '"2"');
  const { changed, asked } = await update();
  assert.deepEqual(
    [changed, asked.filter((path) => path.endsWith('.zip') || path.endsWith('.json'))],
    [true, ['Debian/all.zip']],
  );
});

test('whatever goes wrong on the way, the data that was active stays so', async (t) => {
  const { archive, update, service, served } = await remoteWorld(t);
  archive([osvDocument(1, '9'), osvDocument(2, '9')], '"1"');
  await update();
  const whole = served.get('/osv/Debian/all.zip')?.content ?? '';
  served.set('/osv/Debian/all.zip', { content: whole.slice(0, whole.length - 30), tag: '"2"' });
  await assert.rejects(update(), refused('feed_invalid'));
  served.set('/osv/Debian/all.zip', { content: 'no archive', tag: '"3"' });
  await assert.rejects(update(), refused('feed_invalid'));
  served.delete('/osv/Debian/all.zip');
  await assert.rejects(update(), refused('feed_unavailable'));
  await assert.rejects(update({ only: ['../Debian'] }), refused('feed_unavailable'));
  served.delete('/osv/ecosystems.txt');
  await assert.rejects(update(), refused('feed_unavailable'));
  assert.deepEqual(await idsOf(service), ['CVE-2024-0001', 'CVE-2024-0002']);
});
