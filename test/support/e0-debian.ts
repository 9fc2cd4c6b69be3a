import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildDeb, type ToyPackage } from './deb-builder.ts';
import type { E0World } from './e0.ts';
import { buildTestImage, type TarMember, type TestImageOptions, tar } from './test-image.ts';
import { toyKey, toyStanza, toySuite } from './toy-repository.ts';
import { writeOsvArchive } from './zip-archive.ts';

/** The vulnerability that every image of {@link toyDebianLayer} has. */
export const toyCve = 'CVE-2024-0001';

/** What may be changed about the package archive of a world. */
export interface ToyArchiveOptions {
  readonly package?: Partial<ToyPackage>;
  /** Changes the files after signing, by path below the archive's base. */
  readonly spoil?: (files: Map<string, Buffer>) => void;
  /** An archive made earlier, with the URL that serves it, in place of a directory. */
  readonly served?: { readonly archive: ToyArchive; readonly url: string };
}

/** Files by path below the base, and the armored key that signed them. */
export interface ToyArchive {
  readonly content: ReadonlyMap<string, Buffer>;
  readonly keyring: string;
}

/** The files of a signed package archive in which `libtoy` 2.0-1 repairs {@link toyCve}, and its armored key. */
export async function toyArchive(options: ToyArchiveOptions = {}): Promise<ToyArchive> {
  const key = await toyKey();
  const files = { 'usr/lib/libtoy.so': 'repaired'.repeat(1000), 'usr/share/doc/libtoy/changelog': `fixes ${toyCve}` };
  const deb = buildDeb({ name: 'libtoy', version: '2.0-1', arch: 'amd64', files, ...options.package });
  const filename = 'pool/main/libtoy_2.0-1_amd64.deb';
  const packages = toyStanza('libtoy', '2.0-1', {
    Filename: filename,
    Size: String(deb.length),
    SHA256: createHash('sha256').update(deb).digest('hex'),
  });
  const content = new Map([...(await toySuite(key, { suite: 'toy', packages })), [filename, deb] as const]);
  options.spoil?.(content);
  return { content, keyring: key.armored };
}

/** Puts a signed package archive into a world, and the configuration that names it; replaces an earlier one. */
export async function provideArchive(world: E0World, options: ToyArchiveOptions = {}): Promise<void> {
  const { content, keyring } = options.served?.archive ?? (await toyArchive(options));
  const archive = join(world.images, 'archive');
  await rm(archive, { recursive: true, force: true });
  for (const [path, bytes] of content) await put(join(archive, path), bytes);
  // What is verified already is not read again, so each archive starts without the memory of earlier ones.
  for (const known of ['freshness', 'blobs', 'cache']) {
    await rm(join(world.private, 'data', known), { recursive: true, force: true });
  }
  const source = {
    match: { id: 'debian', versionId: '12' },
    keyring,
    suites: [{ archive: 'toy', suite: 'toy', components: ['main'], origin: 'Toy' }],
  };
  const fix = { archives: { toy: [{ base: options.served?.url ?? `file://${archive}` }] }, sources: [source] };
  // JSON is YAML.
  await put(join(world.private, 'home/.config/drydock/config.yaml'), JSON.stringify({ fix }));
}

/** Gives a world what a fix needs without any network: a package archive and loaded advisories. */
export async function provideDebian(world: E0World): Promise<void> {
  await provideArchive(world);
  const feed = join(world.images, 'osv');
  await mkdir(join(feed, 'Debian'), { recursive: true });
  const ranges = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2.0-1' }] }];
  const affected = [{ package: { ecosystem: 'Debian:12', name: 'libtoy' }, ranges }];
  writeOsvArchive(join(feed, 'Debian', 'all.zip'), [{ id: toyCve, ...{ modified: '2026-01-01T00:00:00Z', affected } }]);
  const { code, stderr } = await world.run(['db', 'update', '--from', feed, '-q']);
  if (code !== 0) throw new Error(`the advisories of the test could not be loaded: ${stderr}`);
}

/** Record of an installed package. */
export function installed(name: string, version: string, more = ''): string {
  const fixed = 'Priority: optional\nSection: misc\nMaintainer: T <t@example.org>\n';
  return `Package: ${name}\nStatus: install ok installed\n${fixed}Architecture: amd64\nVersion: ${version}\n${more}Description: toy\n\n`;
}

/** A Debian 12 file system with a vulnerable `libtoy`, as a tar; `status` is appended to its package database. */
export function toyDebianLayer(status = '', more: Readonly<Record<string, TarMember | string>> = {}): Buffer {
  return tar({
    'etc/os-release': 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n',
    'usr/lib/libtoy.so': 'vulnerable',
    'var/lib/dpkg/status': installed('libtoy', '1.0-1') + status,
    'var/lib/dpkg/info/format': '1\n',
    'var/lib/dpkg/info/libtoy.list': '/.\n/usr\n/usr/lib\n/usr/lib/libtoy.so\n',
    ...more,
  });
}

/** A whole image of {@link toyDebianLayer}. */
export function toyDebianImage(status = '', options: TestImageOptions = {}) {
  return buildTestImage([toyDebianLayer(status)], options);
}

async function put(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
