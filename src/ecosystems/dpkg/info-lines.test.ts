import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diversionRecords, readChecksumLine } from './info-lines.ts';

const md5 = 'd41d8cd98f00b204e9800998ecf8427e';

test('checksum lines: text and binary mode, blanks in paths; nothing else', () => {
  assert.deepEqual(readChecksumLine(`${md5}  usr/bin/a b`), { md5, path: 'usr/bin/a b' });
  assert.deepEqual(readChecksumLine(`${md5} *usr/bin/a`), { md5, path: 'usr/bin/a' });
  for (const line of [
    '',
    `${md5}  `,
    `${md5}\tusr/bin/a`,
    `${md5.toUpperCase()}  usr/bin/a`,
    `${md5.slice(1)}  usr/bin/a`,
  ])
    assert.equal(readChecksumLine(line), undefined, line);
});

test('diversions: three lines each, an unfinished record is none', () => {
  const lines = '/bin/sh\n/bin/sh.distrib\ndash\n/usr/bin/a\n/usr/bin/b\n:\n/usr/bin/c\n'.split('\n');
  assert.deepEqual(
    [...diversionRecords(lines)],
    [
      ['/bin/sh', '/bin/sh.distrib', 'dash'],
      ['/usr/bin/a', '/usr/bin/b', ':'],
    ],
  );
});
