import assert from 'node:assert/strict';
import { reply } from '../support/fake-registry-store.ts';
import { pullBlob, pullTag, type Row, runRows, signal, withBlob, withImage } from '../support/hostile-registry.ts';
import { listed } from '../support/registry-client.ts';

const transportRows: Row[] = [
  {
    group: 24,
    name: '1 byte at a time',
    limits: { rateWindowMs: 60, attempts: 2 },
    arrange: (f) => {
      withBlob(f);
      f.fail('GET', '/blobs/', { slow: { bytes: 1, everyMs: 5 }, times: 9 });
    },
    act: pullBlob,
    code: 'timeout',
  },
  {
    group: 24,
    name: 'body that stalls',
    limits: { stallMs: 50, attempts: 1 },
    arrange: (f) => {
      withBlob(f);
      f.fail('GET', '/blobs/', { slow: { bytes: 100, everyMs: 5000 }, times: 9 });
    },
    act: pullBlob,
    code: 'timeout',
  },
  {
    group: 24,
    name: 'no answer at all',
    limits: { headersMs: 50, attempts: 1 },
    arrange: (f) => f.fail('GET', '/manifests/', { hang: true }),
    act: pullTag,
    code: 'timeout',
  },
  {
    group: 24,
    name: 'huge headers',
    limits: { attempts: 1 },
    arrange: (f) => f.fail('GET', '/manifests/', { status: 200, headers: { 'x-big': 'a'.repeat(200_000) } }),
    act: pullTag,
    code: 'invalid_response',
  },
  {
    group: 24,
    name: '429 with Retry-After 10^9',
    arrange: (f) => f.fail('GET', '/manifests/', { status: 429, headers: { 'retry-after': '1000000000' }, times: 99 }),
    act: pullTag,
    code: 'rate_limited',
    check: ({ waits }) => assert.deepEqual(waits, [30_000, 30_000, 30_000, 30_000]),
  },
  {
    group: 24,
    name: '503 passes after a while',
    arrange: (f) => {
      withImage(f);
      f.fail('GET', '/manifests/', { status: 503, times: 3 });
    },
    act: pullTag,
    check: ({ waits }) => assert.equal(waits.length, 3),
  },
  {
    group: 24,
    name: '503 for ever',
    arrange: (f) => f.fail('GET', '/manifests/', { status: 503, times: 99 }),
    act: pullTag,
    code: 'unavailable',
    check: ({ fake }) => assert.equal(fake.requests.length, 5),
  },
  {
    group: 24,
    name: 'connection reset',
    arrange: (f) => {
      withImage(f);
      f.fail('GET', '/manifests/', { reset: true, times: 2 });
    },
    act: pullTag,
  },
  {
    group: 24,
    name: '200 with a login page instead of a manifest',
    arrange: (f) =>
      f.fail('GET', '/manifests/', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Log in' }),
    act: pullTag,
    code: 'invalid_response',
  },
  {
    group: 24,
    name: '200 with a login page instead of a blob',
    arrange: (f) =>
      f.fail('GET', '/blobs/', {
        status: 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: '<html>',
      }),
    act: pullBlob,
    code: 'invalid_response',
  },
  {
    group: 24,
    name: '200 with a login page instead of tags',
    arrange: (f) => f.fail('GET', '/tags/', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }),
    act: (r) => listed(r.tags(signal)),
    code: 'invalid_response',
  },
  {
    group: 25,
    name: 'next page is the same page',
    arrange: (f) =>
      f.fail('GET', '/tags/', {
        answer: () => reply(200, { link: '</v2/team/app/tags/list?n=1000>; rel="next"' }, '{"tags":["a"]}'),
        times: 999,
      }),
    act: (r) => listed(r.tags(signal)),
    code: 'invalid_response',
    check: ({ fake }) => assert.equal(fake.requests.length, 1),
  },
  {
    group: 25,
    name: 'endless empty pages',
    arrange: (f) => {
      let n = 0;
      f.fail('GET', '/tags/', {
        answer: () => reply(200, { link: `</v2/team/app/tags/list?last=${n++}>; rel="next"` }, '{"tags":[]}'),
        times: 999,
      });
    },
    act: (r) => listed(r.tags(signal)),
    code: 'invalid_response',
  },
  {
    group: 25,
    name: 'endless pages',
    limits: { pages: 50 },
    arrange: (f) => {
      let n = 0;
      f.fail('GET', '/tags/', {
        answer: () => reply(200, { link: `</v2/team/app/tags/list?last=${n++}>; rel="next"` }, '{"tags":["a"]}'),
        times: 999,
      });
    },
    act: (r) => listed(r.tags(signal)),
    code: 'invalid_response',
  },
  {
    group: 25,
    name: 'a page larger than its cap',
    limits: { pageBytes: 1000 },
    arrange: (f) => f.fail('GET', '/tags/', { status: 200, body: JSON.stringify({ tags: Array(500).fill('abc') }) }),
    act: (r) => listed(r.tags(signal)),
    code: 'invalid_response',
  },
  {
    group: 25,
    name: 'names in a list that are not tags are left out',
    arrange: (f) => f.fail('GET', '/tags/', { status: 200, body: '{"tags":["ok","../x",5,null,"a b"]}' }),
    act: async (r) => assert.deepEqual(await listed(r.tags(signal)), ['ok']),
  },
];

runRows([...transportRows]);
