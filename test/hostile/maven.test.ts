import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { ecosystems } from '../../src/ecosystems/index.ts';
import { identify } from '../../src/ecosystems/maven/identity.ts';
import { readManifest } from '../../src/ecosystems/maven/manifest.ts';
import { readPom } from '../../src/ecosystems/maven/pom.ts';
import { checked, readPomProperties } from '../../src/ecosystems/maven/properties.ts';
import { readArchiveFile } from '../../src/ecosystems/maven/read-file.ts';
import { mavenVersions } from '../../src/ecosystems/maven/versions.ts';
import type { ScanReport } from '../../src/findings/index.ts';
import { fixedClock, noProgress } from '../../src/kernel/index.ts';
import { noCache, scanImage } from '../../src/scan/index.ts';
import { fakeAdvisories } from '../support/fake-advisories.ts';
import { handleOf } from '../support/image-handle.ts';
import { buildTestImage, tar } from '../support/test-image.ts';
import { type ZipMember, zipArchive } from '../support/zip-archive.ts';

/** What an archive of Java classes may try, and what must come of it: the honest one beside it is always found. */
interface Row {
  readonly name: string;
  readonly bytes: () => Buffer;
  readonly codes: readonly string[];
  readonly state: ScanReport['scan']['state'];
  /** Packages besides the honest one. */
  readonly packages?: readonly string[];
}

const jar = (members: Readonly<Record<string, string | Buffer>>): Buffer =>
  zipArchive(Object.entries(members).map(([name, content]): ZipMember => ({ name, content })));
const properties = 'META-INF/maven/org.x/x/pom.properties';
const pom = 'META-INF/maven/org.x/x/pom.xml';
const x1 = 'groupId=org.x\nartifactId=x\nversion=1\n';
const honest = jar({ 'META-INF/maven/org.h/honest/pom.properties': 'groupId=org.h\nartifactId=honest\nversion=1\n' });

function nested(depth: number): Buffer {
  let bytes = jar({ [properties]: x1 });
  for (let i = 0; i < depth; i++) bytes = jar({ 'inner.jar': bytes });
  return bytes;
}

/** The archive of one member with a change to the member's record in the directory. */
function changed(change: (bytes: Buffer, record: number) => void): Buffer {
  const bytes = jar({ [properties]: x1 });
  change(bytes, bytes.indexOf('PK\x01\x02'));
  return bytes;
}

/** Many nested jars that are all the same bytes of the file. */
function overlapping(): Buffer {
  const body = deflateRawSync(Buffer.alloc(8 << 20));
  const bytes = zipArchive(
    Array.from({ length: 500 }, (_, i) => ({ name: `f${i}.jar`, content: i === 0 ? Buffer.alloc(8 << 20) : '' })),
  );
  const first = bytes.indexOf('PK\x01\x02');
  const crc = bytes.readUInt32LE(first + 16);
  for (let record = first; record >= 0; record = bytes.indexOf('PK\x01\x02', record + 4)) {
    bytes.writeUInt32LE(crc, record + 16);
    bytes.writeUInt32LE(body.length, record + 20);
    bytes.writeUInt32LE(8 << 20, record + 24);
    bytes.writeUInt32LE(0, record + 42);
  }
  return bytes;
}

const laughs = `<!DOCTYPE lolz [<!ENTITY a "lol">${'bcdefghij'
  .split('')
  .map((name, i) => `<!ENTITY ${name} "${`&${'abcdefghij'.charAt(i)};`.repeat(10)}">`)
  .join('')}]>`;

const rows: Row[] = [
  { name: 'jar in jar ×16', bytes: () => nested(16), codes: [], state: 'complete', packages: ['org.x:x'] },
  { name: 'jar in jar ×100', bytes: () => nested(100), codes: ['archive_limit'], state: 'partial' },
  {
    name: 'encrypted member',
    bytes: () => changed((bytes, at) => bytes.writeUInt16LE(1, at + 8)),
    codes: ['member_unsupported'],
    state: 'partial',
  },
  {
    name: 'zip64 lies: sizes that no field tells',
    bytes: () => changed((bytes, at) => bytes.fill(0xff, at + 20, at + 28)),
    codes: ['member_invalid'],
    state: 'partial',
  },
  {
    name: 'zip64 lies: an offset that no field tells',
    bytes: () => changed((bytes, at) => bytes.fill(0xff, at + 42, at + 46)),
    codes: ['member_invalid'],
    state: 'partial',
  },
  {
    name: 'a member that does not match its checksum',
    bytes: () => zipArchive([{ name: properties, content: x1, claimedCrc: 1 }]),
    codes: ['member_invalid'],
    state: 'partial',
  },
  { name: 'overlapping members', bytes: overlapping, codes: ['archive_invalid', 'member_invalid'], state: 'partial' },
  {
    name: 'a pom.properties of 100 MB',
    bytes: () => jar({ [properties]: Buffer.alloc(100 << 20, 0x61) }),
    codes: ['archive_limit'],
    state: 'partial',
  },
  {
    name: 'XML entities in pom.xml that grow without end',
    bytes: () => jar({ [pom]: `${laughs}<project><groupId>&j;</groupId><version>1</version></project>` }),
    codes: ['package_invalid_metadata'],
    state: 'partial',
  },
  {
    name: 'XML entities in pom.xml that read a file',
    bytes: () =>
      jar({ [pom]: '<!DOCTYPE p [<!ENTITY f SYSTEM "file:///etc/passwd">]><project><version>&f;</version></project>' }),
    codes: ['package_invalid_metadata'],
    state: 'partial',
  },
  {
    name: 'a pom.xml of 100,000 levels',
    bytes: () => jar({ [pom]: '<project>'.repeat(100_000) }),
    codes: ['package_invalid_metadata'],
    state: 'partial',
  },
  {
    name: 'variables of a pom.xml that go in circles and grow',
    bytes: () =>
      jar({
        [pom]:
          '<project><version>\u0024{a}</version><properties><a>\u0024{b}\u0024{b}</a><b>\u0024{a}\u0024{a}</b></properties></project>',
      }),
    codes: ['package_invalid_metadata'],
    state: 'partial',
  },
  {
    name: 'names of object prototypes',
    bytes: () =>
      jar({ 'META-INF/maven/__proto__/constructor/pom.properties': '__proto__=x\nconstructor=y\nversion=1' }),
    codes: [],
    state: 'complete',
    packages: ['__proto__:constructor'],
  },
  ...['../../etc:x', 'a b:x', 'a\u202eb:x', '$(id):x', '<img>:x', `${'a'.repeat(256)}:x`, '..:x'].map(
    (name): Row => ({
      name: `coordinates ${JSON.stringify(name.slice(0, 30))}`,
      bytes: () => jar({ [properties]: `groupId=${name.split(':')[0]}\nartifactId=x\nversion=1` }),
      codes: ['package_invalid_metadata'],
      state: 'partial',
    }),
  ),
  {
    name: 'names of nested archives that leave the archive',
    bytes: () => jar({ '../../../etc/evil.jar': jar({ [properties]: x1 }), '/abs\\x\n.jar': 'PK' }),
    codes: ['archive_invalid'],
    state: 'partial',
    packages: ['org.x:x'],
  },
  {
    name: 'a manifest of one line of 8 MB',
    bytes: () => jar({ 'META-INF/MANIFEST.MF': `Implementation-Title: ${' x'.repeat(4 << 20)}`, [properties]: x1 }),
    codes: [],
    state: 'complete',
    packages: ['org.x:x'],
  },
  {
    name: 'versions that exhaust backtracking',
    bytes: () => jar({ [properties]: `groupId=org.x\nartifactId=x\nversion=${'1.'.repeat(120)}${'a'.repeat(10)}!` }),
    codes: [],
    state: 'complete',
    packages: ['org.x:x'],
  },
];

const index = fakeAdvisories([
  { id: 'CVE-2026-1', ecosystem: 'Maven', source: 'org.h:honest', fixed: null },
  { id: 'CVE-2026-2', ecosystem: 'Debian:12', source: 'x', fixed: null },
]);
const debian = { 'etc/os-release': 'ID=debian\nVERSION_ID=12\n', 'var/lib/dpkg/status': '' };
const base = 'Package: base\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n\n';

for (const row of rows) {
  test(`group 12: ${row.name}`, async () => {
    const layer = tar({
      ...debian,
      'var/lib/dpkg/status': base,
      'opt/evil.jar': row.bytes(),
      'opt/honest.jar': honest,
    });
    const started = performance.now();
    const report = await scanImage({
      ...{ image: handleOf(buildTestImage([layer], { compression: 'none' })), index, ecosystems, cache: noCache },
      ...{ clock: fixedClock('2026-01-02T00:00:00Z'), signal: AbortSignal.timeout(30_000) },
      ...{ progress: noProgress, toolVersion: '0' },
    });
    assert.deepEqual(
      report.packages
        .filter(({ type }) => type === 'maven')
        .map(({ name }) => name)
        .sort(),
      ['org.h:honest', ...(row.packages ?? [])].sort(),
    );
    const codes = new Set(report.diagnostics.map(({ code }) => code));
    assert.deepEqual([...codes].sort(), row.codes);
    assert.equal(report.scan.state, row.state);
    assert.deepEqual(
      report.findings.map(({ id }) => id),
      ['CVE-2026-1'],
    );
    for (const { message } of report.diagnostics) assert.ok(message.length < 2000, 'messages are bounded');
    assert.ok(performance.now() - started < 20_000, 'time is bounded');
  });
}

/** A small jar of the system, which a Maven build made, where there is one. */
const systemJar = ['/usr/share/maven/lib/wagon-file.jar', '/usr/share/java/wagon-file.jar'].find(existsSync);
const real = systemJar === undefined ? honest : readFileSync(systemJar);
const war = jar({
  'META-INF/MANIFEST.MF': 'Implementation-Title: a\n',
  'WEB-INF/lib/real-1.jar': real,
  [pom]: '<project/>',
});

/** Changes somewhere, more often in the directory at the end, where the structure is. */
const mutation = fc.record({
  at: fc.oneof(
    fc.nat(war.length),
    fc.nat(600).map((back) => Math.max(0, war.length - back)),
  ),
  with: fc.oneof(fc.uint8Array({ maxLength: 8 }), fc.constantFrom(new Uint8Array(8).fill(255), new Uint8Array(4))),
  how: fc.constantFrom('set', 'insert', 'cut', 'end'),
});

function mutate(bytes: Buffer, { at, how, with: put }: { at: number; how: string; with: Uint8Array }): Buffer {
  const start = Math.min(at, bytes.length);
  if (how === 'end') return bytes.subarray(0, start);
  const rest = how === 'insert' ? start : Math.min(bytes.length, start + Math.max(1, put.length));
  return Buffer.concat([bytes.subarray(0, start), how === 'cut' ? Buffer.alloc(0) : put, bytes.subarray(rest)]);
}

test('group 12: a damaged archive never throws, and what it tells is well-formed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 6 }), async (mutations) => {
      const bytes = mutations.reduce(mutate, Buffer.from(war));
      const started = performance.now();
      const { archives, problems } = await readArchiveFile('a.war', bytes);
      assert.ok(problems.length <= 20 && performance.now() - started < 5000);
      for (const archive of archives) {
        for (const identity of identify(archive, 'a.war')) assert.ok(identity.version === '' || checked(identity));
      }
    }),
    { numRuns: 1500 },
  );
});

test('group 12: texts inside archives, damaged: only the declared error', () => {
  const text = `<project xmlns="x"><!-- c --><parent><groupId>a</groupId><version>1</version></parent><artifactId>b</artifactId>
    <properties><v>1</v></properties><dependencies><dependency><version>\u0024{v}</version></dependency></dependencies></project>`;
  const piece = fc.constantFrom(
    '<',
    '>',
    '&',
    '&lt;',
    '&x;',
    '<![CDATA[',
    ']]>',
    '\u0024{v}',
    '</project>',
    '<?x',
    '\0',
    '=',
    ':',
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(text.length), piece), { maxLength: 5 }), (changes) => {
      let damaged = text;
      for (const [at, put] of changes) damaged = damaged.slice(0, at) + put + damaged.slice(at + (put.length % 3));
      const bytes = Buffer.from(damaged);
      readPomProperties(bytes);
      readManifest(bytes);
      try {
        assert.ok(readPom(bytes).dependencies.length <= 3);
      } catch (error) {
        assert.ok(
          error instanceof Error && !(error instanceof TypeError) && !(error instanceof RangeError),
          `${error}`,
        );
      }
    }),
    { numRuns: 1000 },
  );
});

test('group 13: versions of any text are compared or refused', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 600 }),
      fc.string({ unit: fc.constantFrom('1', '.', '-', 'a'), maxLength: 600 }),
      (a, b) => {
        if (mavenVersions.valid(a) && mavenVersions.valid(b))
          assert.equal(typeof mavenVersions.compare(a, b), 'number');
      },
    ),
    { numRuns: 500 },
  );
  assert.ok(!mavenVersions.valid('1.'.repeat(50_000)));
  assert.ok(!mavenVersions.valid(`${'a'.repeat(100_000)}!`));
});
