import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { cvesSince } from './changelog.ts';

const text = `toy (2-1) stable; urgency=medium

  * Fix CVE-2024-1111 and cve-2024-2222.

 -- T <t@example.org>  Thu, 01 Jan 2026 00:00:00 +0000

toy (1-1) stable; urgency=medium

  * Fix CVE-2020-3333.
`;

test('only entries above the old version count', () => {
  assert.deepEqual([...cvesSince(gzipSync(text), '1-1')], ['CVE-2024-1111', 'CVE-2024-2222']);
  assert.deepEqual([...cvesSince(gzipSync(text), '0-1')].length, 3);
});

test('damage and bombs give no evidence and no error', () => {
  assert.equal(cvesSince(Buffer.from('no gzip'), '1').size, 0);
  assert.equal(cvesSince(gzipSync(Buffer.alloc(64 << 20)), '1').size, 0);
});
