import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDebReader } from '../../src/ecosystems/index.ts';
import { temporaryDirectory } from '../support/debian-image.ts';
import { mustRun } from '../support/run.ts';
import { needs } from '../support/system.ts';

const signal = new AbortController().signal;

/** Path → type, mode and hash of the content, as Python's tarfile reads what dpkg-deb unpacks. */
const lister = `
import sys, tarfile, hashlib, json, io, subprocess
raw = subprocess.run(['dpkg-deb', '--fsys-tarfile', sys.argv[1]], check=True, capture_output=True).stdout
tar = tarfile.open(fileobj=io.BytesIO(raw))
kinds = {tarfile.REGTYPE: 'file', tarfile.DIRTYPE: 'directory', tarfile.SYMTYPE: 'symlink'}
for m in tar:
    body = tar.extractfile(m).read() if m.isreg() else b''
    print(json.dumps([m.name.removeprefix('./').removeprefix('.'), kinds[m.type], m.mode, hashlib.sha256(body).hexdigest()]))
`;

for (const compression of ['none', 'gzip', 'xz', 'zstd']) {
  test(`a package built by dpkg-deb with ${compression} reads as dpkg-deb reads it`, async (t) => {
    if (!needs(t, 'dpkg-deb', 'python3')) return;
    await using temporary = await temporaryDirectory();
    const tree = join(temporary.path, 'tree');
    const deb = join(temporary.path, 'toy.deb');
    await mkdir(join(tree, 'DEBIAN'), { recursive: true });
    await mkdir(join(tree, 'usr/share', 'd'.repeat(120)), { recursive: true });
    const description = 'Maintainer: Toy <toy@example.org>\nDescription: toy\n';
    await writeFile(join(tree, 'DEBIAN/control'), `Package: toy\nVersion: 1\nArchitecture: all\n${description}`);
    await writeFile(join(tree, 'DEBIAN/postinst'), '#!/bin/sh\n');
    await chmod(join(tree, 'DEBIAN/postinst'), 0o755);
    await writeFile(join(tree, 'usr/share', 'd'.repeat(120), 'long'), 'long name');
    await writeFile(join(tree, 'usr/share/big'), Buffer.alloc(3_000_000, 'drydock '));
    await writeFile(join(tree, 'usr/share/empty'), '');
    await symlink('big', join(tree, 'usr/share/link'));
    await mustRun('dpkg-deb', ['--root-owner-group', `-Z${compression}`, '--build', tree, deb]);

    const { stdout } = await mustRun('python3', ['-c', lister, deb]);
    const expected = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

    const open = async () => createReadStream(deb);
    const found: unknown[] = [];
    for await (const { entry, content } of createDebReader().readData(open, signal)) {
      const hash = createHash('sha256');
      for await (const chunk of content) hash.update(chunk);
      found.push([entry.path, entry.type, entry.mode, hash.digest('hex')]);
    }
    assert.deepEqual(found, expected);
    const { files } = await createDebReader().readControl(open, signal);
    assert.deepEqual([...files.keys()].sort(), ['control', 'postinst']);
  });
}
