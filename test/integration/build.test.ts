import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { root } from '../arch/source-tree.ts';
import { environmentOf } from '../support/drydock.ts';
import { storedImage, writeLayout } from '../support/layout-files.ts';
import { type Finished, mustRun, run } from '../support/run.ts';
import { sha256, tar } from '../support/test-image.ts';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly files: readonly string[];
};

/** 1000 lines of `drydock`, packed with liblzma. */
const packedLines =
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4B8/ADBdADIci5GVTDESMv0XxXCO4fT1td+zBpSgQxC7c7MPXk7KnaUCTp1uTmpKaHCCC8fcAADC+I+1milSIgABTMA+AAAAg3kuQrHEZ/sCAAAAAARZWg==';

let scratch = '';
let installed = '';

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'drydock-build-'));
  installed = await installInto(join(scratch, 'node_modules'));
});

after(() => rm(scratch, { recursive: true, force: true }));

/** The package as `npm install` would leave it: what `files` lists, compiled, beside its runtime dependencies only. */
async function installInto(modules: string): Promise<string> {
  const directory = join(modules, 'drydock');
  await mkdir(directory, { recursive: true });
  for (const name of [...manifest.files, 'package.json']) {
    if (name !== 'dist') await cp(join(root, name), join(directory, name), { recursive: true });
  }
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const project = join(root, 'tsconfig.build.json');
  await mustRun(process.execPath, [compiler, '-p', project, '--outDir', join(directory, 'dist')]);
  for (const path of await runtimeDependencies()) {
    await mkdir(dirname(join(modules, path)), { recursive: true });
    await symlink(join(root, 'node_modules', path), join(modules, path));
  }
  return directory;
}

async function runtimeDependencies(): Promise<string[]> {
  type Entry = { readonly dev?: boolean; readonly devOptional?: boolean };
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, Entry>>;
  };
  return Object.entries(lock.packages)
    .filter(([path, { dev, devOptional }]) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && !dev && !devOptional)
    .map(([path]) => path.slice('node_modules/'.length));
}

function installedDrydock(...args: string[]): Promise<Finished> {
  const { PATH, HOME } = environmentOf(join(scratch, 'data'));
  return run(join(installed, 'bin/drydock'), args, { env: { PATH, HOME, DRYDOCK_DATA_DIR: HOME } });
}

describe('the built package', () => {
  test('holds neither sources nor tests', async () => {
    const packed = await mustRun('find', [installed, '-name', '*.ts', '-o', '-name', '*.test.*']);
    assert.equal(packed.stdout, '');
  });

  test('starts and knows its version', async () => {
    const { code, stdout, stderr } = await installedDrydock('--version');
    assert.deepEqual([code, stdout, stderr], [0, `${manifest.version}\n`, '']);
  });

  test('scans an image with the advisory facts that come with it', async () => {
    const layer = tar({
      'etc/os-release': 'ID=debian\nVERSION_ID="11"\nPRETTY_NAME="Debian GNU/Linux 11 (bullseye)"\n',
      // CVE-2021-4034 is fixed in bullseye by 0.105-31+deb11u1, says the Debian security tracker.
      'var/lib/dpkg/status':
        'Package: policykit-1\nStatus: install ok installed\nArchitecture: amd64\nVersion: 0.105-31\nMaintainer: nobody\nDescription: toy\n',
    });
    const image = join(scratch, 'image');
    await writeLayout(image, storedImage([{ stored: gzipSync(layer), diffId: sha256(layer) }]));
    const { code, stdout, stderr } = await installedDrydock('scan', `oci:${image}:v1`, '-o', 'json');
    assert.equal(code, 0, stderr);
    const report = JSON.parse(stdout);
    const finding = report.findings.find(({ id }: { id: string }) => id === 'CVE-2021-4034');
    assert.equal(finding?.fixedVersion, '0.105-31+deb11u1');
    assert.equal(report.advisories.origin, 'bundled');
  });

  test('finds the keyrings that fixes trust', async () => {
    const { resource } = await import(pathToFileURL(join(installed, 'dist/app/resources.js')).href);
    assert.match(await readFile(resource('keyrings/debian-archive.asc'), 'utf8'), /BEGIN PGP PUBLIC KEY BLOCK/);
  });

  test('starts its worker thread for xz', async () => {
    const { unpackXz } = await import(pathToFileURL(join(installed, 'dist/ecosystems/dpkg/deb/xz.js')).href);
    async function* source() {
      yield Buffer.from(packedLines, 'base64');
    }
    const pieces: Uint8Array[] = [];
    for await (const piece of unpackXz(source())) pieces.push(piece);
    assert.equal(Buffer.concat(pieces).toString(), 'drydock\n'.repeat(1000));
  });
});
