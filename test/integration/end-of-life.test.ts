import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { OsRelease } from '../../src/ecosystems/index.ts';
import { supportOf } from '../../src/ecosystems/index.ts';

/** Rows of distro-info-data by column. */
function rowsOf(path: string): Record<string, string>[] {
  const [head = '', ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  const columns = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, at) => [columns[at] ?? '', value])));
}

for (const [id, column, first] of [
  ['debian', 'eol-lts', 6],
  ['ubuntu', 'eol', 12.04],
] as const) {
  test(`the end of each ${id} release as distro-info-data tells it`, (t) => {
    const path = `/usr/share/distro-info/${id}.csv`;
    if (!existsSync(path)) return t.skip('needs distro-info-data: run tools/system-deps.sh');
    let compared = 0;
    for (const row of rowsOf(path)) {
      const version = (row.version ?? '').split(' ')[0] ?? '';
      const last = row[column];
      if (version === '' || Number(version) < first || last === undefined || last === '') continue;
      const os: OsRelease = { id, versionId: version, codename: null, prettyName: null, path: 'etc/os-release' };
      assert.deepEqual(supportOf(os, new Date(`${last}T12:00:00Z`)), { state: 'supported' }, `${id} ${version}`);
      const later = supportOf(os, new Date(Date.parse(`${last}T12:00:00Z`) + 86_400_000));
      assert.deepEqual(later, { state: 'ended', on: last }, `${id} ${version}`);
      compared++;
    }
    assert.ok(compared >= 8, `${compared} releases`);
  });
}
