import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PackageURL } from 'packageurl-js';
import { type CatalogResult, ecosystems, readSbom } from '../../src/ecosystems/index.ts';
import { catalogOf, codes } from '../support/catalog.ts';

/** A file as the world's own tool writes it, at its place. */
const samples: Readonly<Record<string, string>> = {
  'usr/lib/ruby/gems/3.2.0/specifications/rack-2.2.2.gemspec':
    '# -*- encoding: utf-8 -*-\n# stub: rack 2.2.2 ruby lib\n\nGem::Specification.new do |s|\n  s.name = "rack".freeze\n  s.version = "2.2.2"\nend\n',
  'app/Gemfile.lock':
    'GEM\n  remote: https://rubygems.org/\n  specs:\n    rack (2.2.2)\n      racc (~> 1.4)\n\nPLATFORMS\n  ruby\n',
  'app/vendor/composer/installed.json':
    '{"packages":[{"name":"symfony/http-kernel","version":"v4.4.12","type":"library"}],"dev":true,"dev-package-names":["symfony/http-kernel"]}',
  'app/composer.lock': '{"packages":[{"name":"a/b","version":"1.0.0"}],"packages-dev":[{"name":"c/d","version":"2"}]}',
  'app/App.deps.json':
    '{"runtimeTarget":{"name":"n"},"targets":{"n":{"Newtonsoft.Json/12.0.1":{"runtime":{"lib/N.dll":{}}}}},"libraries":{"Newtonsoft.Json/12.0.1":{"type":"package"}}}',
  'app/packages.lock.json': '{"version":1,"dependencies":{"net6.0":{"A.B":{"type":"Direct","resolved":"1.0.0"}}}}',
  'app/packages.config': '<?xml version="1.0"?>\n<packages>\n  <package id="jQuery" version="3.4.1" />\n</packages>\n',
  'app/x.cdx.json':
    '{"bomFormat":"CycloneDX","components":[{"type":"library","name":"a","version":"1","purl":"pkg:npm/a@1","properties":[{"name":"k","value":"v"}],"components":[]}]}',
  'app/x.spdx.json':
    '{"spdxVersion":"SPDX-2.3","packages":[{"name":"a","versionInfo":"1","externalRefs":[{"referenceType":"purl","referenceLocator":"pkg:deb/debian/a@1?distro=debian-12"}]}]}',
  'opt/bitnami/.bitnami_components.json':
    '{"redis":{"arch":"amd64","distro":"debian-12","type":"NAMI","version":"7.0.5-3"}}',
  'www/wp-content/plugins/a/a.php': '<?php\n/*\nPlugin Name: A\nVersion: 5.3\n*/\n',
  'www/wp-includes/version.php': "<?php\n$wp_version = '6.4.2';\n",
  'usr/lib/R/library/a/DESCRIPTION': 'Package: a\nVersion: 1.2-3\nBuilt: R 4.2.2; ; 2024-01-01; unix\n',
  'app/_build/prod/lib/plug/ebin/plug.app': '{application,plug,[{description,"x"},{vsn,"1.10.3"}]}.',
  'app/mix.lock': '%{\n  "plug": {:hex, :plug, "1.10.3", "c9", [:mix], [], "hexpm", "01"},\n}\n',
  'app/pubspec.lock': 'packages:\n  http:\n    dependency: "direct main"\n    source: hosted\n    version: "0.13.2"\n',
  'app/Package.resolved':
    '{"pins":[{"identity":"v","location":"https://github.com/vapor/vapor","state":{"version":"4.50.0"}}],"version":2}',
};

const ours = new Set(['gem', 'composer', 'nuget', 'sbom', 'bitnami', 'wordpress', 'cran', 'hex', 'pub', 'swift']);
const catalogers = ecosystems
  .filter(({ id }) => ours.has(id))
  .flatMap(({ catalogers, declared = [] }) => [...catalogers, ...declared]);

async function catalog(path: string, content: string | Uint8Array): Promise<CatalogResult[]> {
  return Promise.all(catalogers.map((cataloger) => catalogOf(cataloger, [{ [path]: content }])));
}

/** What must hold of every result, whatever was read: package URLs that another implementation takes, few complaints. */
function check(results: readonly CatalogResult[]): void {
  for (const { packages, diagnostics } of results) {
    assert.ok(diagnostics.length <= 1000);
    for (const { purl, name, version } of packages) {
      assert.doesNotThrow(() => PackageURL.fromString(purl), purl);
      assert.ok(
        name !== '' && version !== '' && !/[\p{Cc}\p{Cf}]/u.test(name + version),
        JSON.stringify([name, version]),
      );
    }
  }
}

test('the samples are read', async () => {
  for (const [path, content] of Object.entries(samples)) {
    const results = await catalog(path, content);
    assert.ok(
      results.some(({ packages }) => packages.length > 0),
      path,
    );
    check(results);
  }
});

const nasty = [
  '__proto__',
  'constructor',
  '"',
  '{',
  '[',
  ']',
  '}',
  '\\',
  '\0',
  '\u202e',
  '\ufeff',
  '<!DOCTYPE a>',
  '&a;',
  ':',
  '-',
  '1',
];

/** Bytes of a sample changed, left out, doubled, or with something nasty in between. */
const mutated = fc
  .tuple(
    fc.constantFrom(...Object.keys(samples)),
    fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        length: fc.integer({ min: 0, max: 20 }),
        insert: fc.oneof(fc.constantFrom(...nasty), fc.string({ maxLength: 4 }), fc.uint8Array({ maxLength: 4 })),
        again: fc.boolean(),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  )
  .map(([path, edits]) => {
    let bytes = Buffer.from(samples[path] ?? '');
    for (const { at, length, insert, again } of edits) {
      const cut = Math.floor(at * bytes.length);
      const middle = typeof insert === 'string' ? Buffer.from(insert) : Buffer.from(insert);
      bytes = Buffer.concat([
        bytes.subarray(0, cut),
        middle,
        bytes.subarray(again ? Math.max(0, cut - length) : cut + length),
      ]);
    }
    return { path, bytes };
  });

test('damaged files give packages or diagnostics, never an exception', async () => {
  await fc.assert(
    fc.asyncProperty(mutated, async ({ path, bytes }) => check(await catalog(path, bytes))),
    { numRuns: 400 },
  );
});

const repeat = (text: string, count: number): string => text.repeat(count);
const keys = '{"__proto__":{"version":"1"},"constructor":{"version":"1-0","arch":"__proto__"},"toString":7}';
const entities = `<!DOCTYPE p [<!ENTITY a "${repeat('x', 10)}"><!ENTITY b "${repeat('&a;', 10)}">]><packages><package id="&b;" version="1"/></packages>`;

/** Group 12: what each file may try. */
const rows: readonly {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly packages: number;
}[] = [
  {
    name: 'JSON nested 50,000 levels deep',
    files: Object.fromEntries(
      Object.keys(samples)
        .filter((path) => /json$|lock$|resolved$/.test(path))
        .map((path) => [path, repeat('[', 50_000) + repeat(']', 50_000)]),
    ),
    packages: 0,
  },
  {
    name: 'components nested in components',
    files: {
      'a.cdx.json': `{"bomFormat":"CycloneDX","components":${repeat('[{"purl":"pkg:npm/a@1","components":', 90)}[]${repeat('}]', 90)}}`,
    },
    packages: 90,
  },
  {
    name: 'names of built-in properties as keys',
    files: {
      'opt/bitnami/.bitnami_components.json': keys,
      'a.deps.json': `{"runtimeTarget":"__proto__","targets":${keys},"libraries":${keys}}`,
      'packages.lock.json': `{"dependencies":${keys}}`,
      'b/packages.lock.json': '{"packages":7,"problem":"x","partial":true}',
      'composer.lock': `{"packages":[${keys}],"packages-dev":${keys}}`,
    },
    packages: 1,
  },
  { name: 'XML entities', files: { 'packages.config': entities }, packages: 0 },
  {
    name: 'XML nested 100,000 levels deep',
    files: { 'packages.config': repeat('<packages>', 100_000) },
    packages: 0,
  },
  {
    name: 'lines and values of a megabyte',
    files: {
      'x/specifications/a.gemspec': `s.name = "${repeat('a', 1_000_000)}"`,
      'Gemfile.lock': `GEM\n  specs:\n    ${repeat('a (', 300_000)}\n`,
      'mix.lock': `"a": {:hex, :${repeat('a', 1_000_000)}`,
      'x/DESCRIPTION': `Package: a\nBuilt: ${repeat(' ', 500_000)}\nVersion: ${repeat('1.', 200_000)}\n`,
      'pubspec.lock': `packages:\n${repeat('  a:\n', 200_000)}`,
      'app/_build/x/lib/a/ebin/a.app': repeat('{vsn,{application,', 50_000),
      'wp-content/plugins/a.php': `Plugin Name: ${repeat('/*', 500_000)}Version:`,
    },
    packages: 0,
  },
  {
    name: 'package URLs that are none',
    files: {
      'a.cdx.json': JSON.stringify({
        bomFormat: 'CycloneDX',
        components: [`pkg:npm/${repeat('a/', 2000)}b@1`, `pkg:${repeat('%', 3000)}`, 'pkg:npm/a%0A@1', 7, null, {}].map(
          (purl) => ({ type: 'library', name: 'a', purl }),
        ),
      }),
    },
    packages: 0,
  },
];
for (const { name, files, packages } of rows) {
  test(`group 12: ${name}`, async () => {
    const started = performance.now();
    let found = 0;
    for (const [path, content] of Object.entries(files)) {
      const results = await catalog(path, content);
      check(results);
      found += results.reduce((sum, result) => sum + result.packages.length, 0);
    }
    assert.equal(found, packages);
    assert.ok(performance.now() - started < 10_000, `${performance.now() - started} ms`);
  });
}

test('a thousand complaints are enough', async () => {
  const lock = `GEM\n  specs:\n${repeat('    a$b (1)\n', 10)}${Array.from({ length: 5000 }, (_, i) => `    é${i} (1)\n`).join('')}`;
  const results = await catalog('Gemfile.lock', lock);
  assert.equal(Math.max(...results.map((result) => codes(result).length)), 1000);
});

test('versions made to be slow', () => {
  const texts = [
    repeat('1.', 50_000),
    repeat('1', 100_000),
    repeat('1.a', 300),
    `1-${repeat('a-', 120)}`,
    `2010${repeat('-01', 80)}`,
    `1.0${repeat('-dev', 60)}`,
    `${repeat('a', 100_000)}!`,
    repeat('9', 255),
  ];
  for (const { id, versions } of ecosystems.filter(({ id }) => ours.has(id))) {
    for (const a of texts) {
      for (const b of texts) {
        const started = performance.now();
        if (versions.valid(a) && versions.valid(b)) assert.ok(!Number.isNaN(versions.compare(a, b)));
        assert.ok(performance.now() - started < 200, `${id} ${a.slice(0, 20)} ${b.slice(0, 20)}`);
      }
    }
  }
});

test('bytes of any kind are no bill of materials', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      assert.equal(readSbom(bytes).format, null);
    }),
    { numRuns: 200 },
  );
});
