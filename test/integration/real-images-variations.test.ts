import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { aptMachine, assertEqualsApt, assertRepaired, fixTag } from '../support/apt-comparison.ts';
import { debianRootfs, ociLayout, temporaryDirectory } from '../support/debian-image.ts';
import { mustRun } from '../support/run.ts';
import { type TarMember, tar } from '../support/test-image.ts';

type Layer = Readonly<Record<string, TarMember | string>>;

const held = 'gpgv';

test('what people do to an image above its packages leads to the same as with its own apt-get', async (t) => {
  const mirror = aptMachine(t);
  if (mirror === undefined) return;
  const suite = 'bullseye';
  await using scratch = await temporaryDirectory();
  const place = { layout: join(scratch.path, 'image'), directory: scratch.path };
  const base = await debianRootfs(mirror, suite, ['nginx']);
  const read = async (path: string): Promise<string> => (await mustRun('tar', ['-xOf', base, `./${path}`])).stdout;
  const layers = [administrator, slim, removals, application];
  const layerTars = [base];
  for (const [index, layer] of layers.entries()) {
    const path = join(scratch.path, `layer-${index}.tar`);
    await writeFile(path, tar(await layer(read)));
    layerTars.push(path);
  }
  await ociLayout(place.layout, 'old', layerTars);

  const report = await fixTag(place, 'old', 'fixed');
  assertRepaired(report);
  const moved = new Set(report.upgrades.map(({ name }) => name));
  for (const name of ['libc-bin', 'libpam-modules', 'nginx-common', 'passwd']) {
    if (!moved.has(name)) t.diagnostic(`${name} needs no fix today: its rows show nothing`);
  }
  assert.ok(!moved.has(held));
  const unsettled = report.outcomes.filter(({ outcome }) => outcome !== 'fixed');
  assert.deepEqual([...new Set(unsettled.map((one) => `${one.package} ${one.outcome}`))], [`${held} held`]);
  assert.equal(report.task.status, 'partial');

  const { ours } = await assertEqualsApt(place, 'fixed', report, { mirror, suite, layerTars });
  // The comparison alone would not notice if the oracle had lost what the layers hold.
  assert.match(await readFile(join(ours, 'usr/bin/ldd'), 'utf8'), /a wrapper of ours/);
  assert.match(await readFile(join(ours, 'etc/passwd'), 'utf8'), /^app:/m);
});

type ReadBase = (path: string) => Promise<string>;

/** Holds a package, diverts a program, overrides modes and owners, edits, deletes and protects configuration. */
async function administrator(read: ReadBase): Promise<Layer> {
  const status = await read('var/lib/dpkg/status');
  const record = new RegExp(`(^Package: ${held}\nStatus: )install`, 'm');
  assert.match(status, record);
  return {
    'var/lib/dpkg/status': status.replace(record, '$1hold'),
    'var/lib/dpkg/diversions': `${await read('var/lib/dpkg/diversions')}/usr/bin/ldd\n/usr/bin/ldd.distrib\n:\n`,
    'usr/bin/ldd': { content: '#!/bin/sh\n# a wrapper of ours\nexec ldd.distrib "$@"\n', mode: 0o755 },
    'usr/bin/ldd.distrib': { content: await read('usr/bin/ldd'), mode: 0o755 },
    'var/lib/dpkg/statoverride': [
      await read('var/lib/dpkg/statoverride').catch(() => ''),
      'root shadow 4710 /usr/bin/chfn\n',
      'www-data www-data 0751 /etc/nginx/proxy_params\n',
      'root staff 0700 /usr/share/doc/libc6\n',
    ].join(''),
    // The new version differs …
    'etc/nginx/fastcgi_params': `${await read('etc/nginx/fastcgi_params')}# edited\n`,
    'etc/nginx/.wh.proxy_params': '',
    'etc/nginx/uwsgi_params': { content: await read('etc/nginx/uwsgi_params'), mode: 0o600, gid: 33 },
    // … or may be the same.
    'etc/nginx/nginx.conf': `${await read('etc/nginx/nginx.conf')}# edited\n`,
    'etc/nginx/.wh.koi-utf': '',
    'etc/login.defs': `${await read('etc/login.defs')}# edited\n`,
  };
}

/** What slim images do: documentation stays out, licences apart. */
async function slim(): Promise<Layer> {
  const rules = [
    'path-exclude=/usr/share/doc/*',
    'path-include=/usr/share/doc/*/copyright',
    'path-exclude=/usr/share/man/*',
    'path-exclude=/usr/share/locale/*',
    'path-include=/usr/share/locale/d[ae]*/*',
    'path-exclude /usr/share/lintian/*',
  ];
  return { 'etc/dpkg/dpkg.cfg.d/slim': `# keep it small\n${rules.join('\n')}\n` };
}

/** Deletes packaged files, single ones and all of a directory. */
async function removals(): Promise<Layer> {
  return {
    'usr/share/doc/libpam-modules/.wh.copyright': '',
    'usr/share/.wh.lintian': '',
    'usr/bin/.wh.expiry': '',
    'usr/share/nginx/html/': { type: 'directory' },
    'usr/share/nginx/html/.wh..wh..opq': '',
    'usr/share/nginx/html/index.html': '<h1>ours</h1>\n',
  };
}

/** Brings files of its own, some of them again as they are below, and changes directories of packages. */
async function application(read: ReadBase): Promise<Layer> {
  return {
    'etc/': { type: 'directory' },
    'etc/passwd': `${await read('etc/passwd')}app:x:1000:1000::/srv:/usr/sbin/nologin\n`,
    'etc/group': `${await read('etc/group')}app:x:1000:\n`,
    'etc/nginx/': { type: 'directory', mode: 0o750, gid: 33 },
    'etc/nginx/scgi_params': await read('etc/nginx/scgi_params'),
    'etc/security/namespace.init': { content: await read('etc/security/namespace.init'), mode: 0o700 },
    'usr/bin/newgrp': { content: 'not the packaged program', mode: 0o755 },
    'usr/share/zoneinfo/Ours': 'TZif of ours',
    'srv/': { type: 'directory', uid: 1000, gid: 1000 },
    'srv/app': { content: 'the application', uid: 1000, gid: 1000 },
  };
}
