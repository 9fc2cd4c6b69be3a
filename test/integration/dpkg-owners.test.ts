import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { dpkgCataloger } from '../../src/ecosystems/dpkg/catalog.ts';
import type { DpkgFacts } from '../../src/ecosystems/dpkg/facts.ts';
import type { CatalogResult } from '../../src/ecosystems/index.ts';
import { buildUnionView, type Digest, type UnionView, walkLayer } from '../../src/image/index.ts';
import { debianRootfs, temporaryDirectory } from '../support/debian-image.ts';
import { debianMirror } from '../support/debian-mirror.ts';
import { mustRun, run } from '../support/run.ts';
import { toStatusD } from '../support/status-d.ts';
import { needs } from '../support/system.ts';

/** Packages with Python distributions and npm packages in them, without the interpreters' whole families. */
const packages = ['python3-minimal', 'python3-requests', 'python3-yaml', 'node-inherits', 'node-abbrev', 'node-jquery'];

async function catalogOf(tar: string): Promise<CatalogResult & { view: UnionView }> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(tar)) hash.update(chunk as Buffer);
  const digest: Digest = `sha256:${hash.digest('hex')}`;
  const mediaType = 'application/vnd.oci.image.layer.v1.tar';
  const layer = {
    descriptor: { digest, size: (await stat(tar)).size, mediaType },
    diffId: digest,
    foreign: false,
    open: async () => createReadStream(tar),
  };
  const visitor = dpkgCataloger.analysis.visitor();
  const { tree, results } = await walkLayer(layer, [visitor], { signal: AbortSignal.timeout(60_000) });
  const view = buildUnionView([tree]);
  const facts = results.get(visitor.id) as DpkgFacts;
  return { ...dpkgCataloger.coalesce({ layers: [{ layer: 0, digest, tree, facts }], view, os: undefined }), view };
}

const filesOf = (view: UnionView): string[] =>
  [...view.entries()].filter(({ type }) => type === 'file' || type === 'hardlink').map(({ path }) => path);

/** Evidence of language packages: what other catalogers ask about. */
const isMetadata = (path: string): boolean =>
  /\.(dist|egg)-info(\/(METADATA|PKG-INFO))?$/.test(path) || path.endsWith('/package.json');

const nameOf = (purl: string | undefined): string | undefined =>
  purl && decodeURIComponent(purl.slice(purl.lastIndexOf('/') + 1).split('@')[0] ?? '');

/** Names of the packages that dpkg itself says own each path, asked in both spellings of merged directories. */
async function dpkgSearch(
  program: string,
  database: string,
  paths: readonly string[],
): Promise<Map<string, Set<string>>> {
  const owners = new Map<string, Set<string>>();
  const asked = paths.flatMap((path) => (path.startsWith('usr/') ? [path, path.slice(4)] : [path]));
  for (let at = 0; at < asked.length; at += 500) {
    const patterns = asked.slice(at, at + 500).map((path) => `/${path.replaceAll(/[[\]*?\\]/g, '\\$&')}`);
    const { stdout } = await run(program, ['--admindir', database, '--search', ...patterns]);
    for (const line of stdout.split('\n')) {
      const colon = line.indexOf(': /');
      if (colon < 0 || line.startsWith('diversion by')) continue;
      const place = line.slice(colon + 3);
      const key = /^(bin|sbin|lib|lib32|lib64|libx32)\//.test(place) ? `usr/${place}` : place;
      const names = line
        .slice(0, colon)
        .split(', ')
        .map((name) => name.split(':')[0] ?? '');
      owners.set(key, new Set([...(owners.get(key) ?? []), ...names]));
    }
  }
  return owners;
}

/** Maintainer scripts, which no list names: the package that dpkg itself keeps each one for. */
async function dpkgScripts(program: string, database: string): Promise<Map<string, Set<string>>> {
  const { stdout } = await mustRun(program, [
    '--admindir',
    database,
    '--show',
    '--showformat',
    '$'.concat('{binary:Package}\\n'),
  ]);
  const owners = new Map<string, Set<string>>();
  for (const name of stdout.trim().split('\n')) {
    const { stdout: files } = await mustRun(program, ['--admindir', database, '--control-path', name]);
    for (const file of files.trim().split('\n')) {
      if (!/\.(preinst|postinst|prerm|postrm|config)$/.test(file)) continue;
      owners.set(`var/lib/dpkg/${relative(database, file)}`, new Set([name.split(':')[0] ?? '']));
    }
  }
  return owners;
}

test('every file of a real Debian system: the owner that dpkg --search names, of scripts the one that keeps them', async (t) => {
  const mirror = debianMirror();
  const sys = needs(t, 'mmdebstrap', 'dpkg-query');
  if (!sys) return;
  if (mirror === undefined) return t.skip('needs a Debian mirror: set DRYDOCK_DEBIAN_MIRROR');
  await using scratch = await temporaryDirectory();
  const tar = await debianRootfs(mirror, 'bookworm', packages);
  await mustRun('tar', ['--extract', '--file', tar, '--directory', scratch.path, './var/lib/dpkg']);

  const { owners, view } = await catalogOf(tar);
  const paths = filesOf(view);
  const database = join(scratch.path, 'var/lib/dpkg');
  const scripts = await dpkgScripts(sys['dpkg-query'], database);
  assert.ok(scripts.size > 50, `${scripts.size} maintainer scripts`);
  const expected = new Map([...(await dpkgSearch(sys['dpkg-query'], database, paths)), ...scripts]);
  const wrong = paths.filter((path) => {
    const owner = nameOf(owners?.ownerOf(path));
    const names = expected.get(path);
    return owner === undefined ? names !== undefined : names?.has(owner) !== true;
  });
  assert.deepEqual(wrong, []);
  const metadata = paths.filter(isMetadata);
  assert.ok(metadata.length >= 8, `${metadata.length} metadata files`);
  assert.deepEqual(
    metadata.filter((path) => owners?.ownerOf(path) === undefined),
    [],
  );
  assert.ok(
    paths.some((path) => owners?.ownerOf(path) === undefined),
    'generated files belong to nobody',
  );
  t.diagnostic(`${paths.length} files, ${metadata.length} of them metadata of language packages`);
});

test('the same system made distroless: owners by the checksums beside each record', async (t) => {
  const mirror = debianMirror();
  if (!needs(t, 'mmdebstrap')) return;
  if (mirror === undefined) return t.skip('needs a Debian mirror: set DRYDOCK_DEBIAN_MIRROR');
  if (process.getuid?.() !== 0) return t.skip('needs root, for the owners of files');
  await using scratch = await temporaryDirectory();
  const ordinary = await debianRootfs(mirror, 'bookworm', packages);
  const distroless = join(scratch.path, 'distroless.tar');
  await toStatusD(ordinary, distroless, scratch.path, { without: ['apt', 'dpkg'], fileName: (name) => name });
  const before = await catalogOf(ordinary);
  const after = await catalogOf(distroless);
  const metadata = filesOf(after.view).filter(isMetadata);
  assert.ok(metadata.length >= 8);
  const ownersBy = ({ owners }: CatalogResult) => metadata.map((path) => [path, nameOf(owners?.ownerOf(path))]);
  assert.deepEqual(ownersBy(after), ownersBy(before));
});
