import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { grant } from '../support/fake-access.ts';
import { type NativeWorld, nativeWorld } from '../support/native-world.ts';
import { openRaw } from '../support/raw-http.ts';

const basic = `Basic ${Buffer.from('AK1:secret-1').toString('base64')}`;

async function listening(t: TestContext): Promise<NativeWorld & { url: string; port: number }> {
  const world = await nativeWorld(t);
  const { port, url } = await world.server.listen();
  return { ...world, port, url: `${url}/api/v1` };
}

/** An export with a file of so many bytes. */
async function exported(world: NativeWorld, url: string, size: number): Promise<{ path: string; content: Buffer }> {
  const ordered = await fetch(`${url}/exports`, {
    method: 'POST',
    headers: { authorization: basic, 'content-type': 'application/json' },
    body: JSON.stringify({ format: 'csv', fileName: 'all findings.csv' }),
  });
  assert.equal(ordered.status, 202);
  const { id } = (await ordered.json()) as { id: string };
  const content = randomBytes(size);
  world.files.set(id, content);
  return { path: `${url}/exports/${id}/file`, content };
}

test('a download says what it is: length, checksum, name; HEAD says the same without the file', async (t) => {
  const world = await listening(t);
  const { path, content } = await exported(world, world.url, 300_000);
  const answer = await fetch(path, { headers: { authorization: basic } });
  assert.deepEqual(Buffer.from(await answer.arrayBuffer()), content);
  const sha256 = createHash('sha256').update(content).digest();
  assert.equal(answer.headers.get('content-length'), '300000');
  assert.equal(answer.headers.get('digest'), `SHA-256=${sha256.toString('base64')}`);
  assert.equal(answer.headers.get('etag'), `"${sha256.toString('hex')}"`);
  assert.equal(answer.headers.get('content-disposition'), 'attachment; filename="all findings.csv"');
  assert.equal(answer.headers.get('accept-ranges'), 'bytes');
  const head = await fetch(path, { method: 'HEAD', headers: { authorization: basic } });
  assert.deepEqual([head.status, head.headers.get('content-length'), await head.text()], [200, '300000', '']);
  assert.equal(head.headers.get('etag'), answer.headers.get('etag'));
});

test('ranges and conditions', async (t) => {
  const world = await listening(t);
  const { path, content } = await exported(world, world.url, 1000);
  const ask = async (headers: Record<string, string>) => {
    const answer = await fetch(path, { headers: { authorization: basic, ...headers } });
    return { answer, bytes: Buffer.from(await answer.arrayBuffer()), range: answer.headers.get('content-range') };
  };
  const whole = await ask({});
  const etag = whole.answer.headers.get('etag') ?? '';
  const cases: [string, number, Buffer, string | null][] = [
    ['bytes=0-9', 206, content.subarray(0, 10), 'bytes 0-9/1000'],
    ['bytes=990-', 206, content.subarray(990), 'bytes 990-999/1000'],
    ['bytes=-10', 206, content.subarray(990), 'bytes 990-999/1000'],
    ['bytes=-5000', 206, content, 'bytes 0-999/1000'],
    ['bytes=500-99999', 206, content.subarray(500), 'bytes 500-999/1000'],
    ['bytes=9-0', 200, content, null],
    ['bytes=0-1,5-6', 200, content, null],
    ['lines=0-1', 200, content, null],
    ['bytes=abc', 200, content, null],
  ];
  for (const [range, status, expected, told] of cases) {
    const got = await ask({ range });
    assert.deepEqual([got.answer.status, got.range], [status, told], range);
    assert.deepEqual(got.bytes, expected, range);
  }
  const behind = await ask({ range: 'bytes=1000-' });
  assert.deepEqual([behind.answer.status, behind.range], [416, 'bytes */1000']);
  assert.equal((await ask({ range: 'bytes=0-9', 'if-range': etag })).answer.status, 206);
  assert.equal((await ask({ range: 'bytes=0-9', 'if-range': '"other"' })).answer.status, 200);
  assert.equal((await ask({ 'if-none-match': etag })).answer.status, 304);
});

test('a broken download is continued where it ended and takes nothing away', async (t) => {
  const world = await listening(t);
  const { path, content } = await exported(world, world.url, 20 * 2 ** 20);
  const raw = await openRaw(world.port);
  raw.socket.setEncoding('latin1');
  raw.socket.write(`GET ${new URL(path).pathname} HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic}\r\n\r\n`);
  while (raw.text().length < 100_000) await pause(2);
  raw.socket.destroy();
  await pause(20);
  const rest = await fetch(path, { headers: { authorization: basic, range: 'bytes=65536-' } });
  assert.equal(rest.status, 206);
  const joined = Buffer.concat([content.subarray(0, 65_536), Buffer.from(await rest.arrayBuffer())]);
  assert.deepEqual(createHash('sha256').update(joined).digest('hex'), rest.headers.get('x-checksum-sha256'));
});

/** Reads events of a stream until there are so many. */
async function readEvents(answer: Response, count: number): Promise<{ id: number; topic: string }[]> {
  const events: { id: number; topic: string }[] = [];
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk).toString('utf8');
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const id = /^id: (\d+)$/m.exec(part)?.[1];
      if (id !== undefined) events.push({ id: Number(id), topic: /^event: (\S+)$/m.exec(part)?.[1] ?? '' });
    }
    if (events.length >= count) break;
  }
  return events;
}

test('events: live, resumed behind Last-Event-ID without gap or repetition, only of own projects', async (t) => {
  const world = await listening(t);
  const headers = { authorization: basic };
  const live = await fetch(`${world.url}/events`, { headers });
  assert.match(live.headers.get('content-type') ?? '', /^text\/event-stream/);
  const reading = readEvents(live, 2);
  await pause(30);
  world.emit('scan.started', 1, { id: 'a' });
  world.emit('fix.stage', 2, { id: 'b' });
  assert.deepEqual(await reading, [
    { id: 1, topic: 'scan.started' },
    { id: 2, topic: 'fix.stage' },
  ]);
  world.emit('scan.finished', 1, { text: 'line\n\nid: 99\nevent: forged\n\n' });
  world.emit('system.restart', null, {});
  const resumed = await fetch(`${world.url}/events`, { headers: { ...headers, 'last-event-id': '1' } });
  assert.deepEqual(
    (await readEvents(resumed, 3)).map(({ id }) => id),
    [2, 3, 4],
  );
  const token = world.token('one', [grant(['drydock:event:read'], [1])]);
  const own = await fetch(`${world.url}/events?after=0`, { headers: { authorization: `Bearer ${token}` } });
  assert.deepEqual(
    (await readEvents(own, 2)).map(({ id }) => id),
    [1, 3],
  );
  const topics = await fetch(`${world.url}/events?after=0&topic=scan`, { headers });
  assert.deepEqual(
    (await readEvents(topics, 2)).map(({ topic }) => topic),
    ['scan.started', 'scan.finished'],
  );
  const wrong = await fetch(`${world.url}/events`, { headers: { ...headers, 'last-event-id': 'x' } });
  assert.equal(wrong.status, 400);
});

test('event streams: signs of life, a bound for each caller, and an end when the server drains', async (t) => {
  const world = await listening(t);
  const headers = { authorization: basic };
  const streams = [];
  for (let i = 0; i < 3; i++) streams.push(await fetch(`${world.url}/events`, { headers }));
  const refused = await fetch(`${world.url}/events`, { headers });
  assert.equal(refused.status, 429);
  assert.equal(((await refused.json()) as { code: string }).code, 'too_many_streams');
  const texts = streams.map((stream) => stream.text());
  await pause(300);
  const began = performance.now();
  await world.server.stop(5000);
  assert.ok(performance.now() - began < 2000);
  for (const text of await Promise.all(texts)) assert.match(text, /: still here/);
});
