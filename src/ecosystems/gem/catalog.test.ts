import assert from 'node:assert/strict';
import { test } from 'node:test';
import { briefs, catalogOf, codes } from '../../../test/support/catalog.ts';
import { gemCataloger, gemfileLockCataloger, isInstalledSpecification } from './catalog.ts';
import { gemVersions } from './versions.ts';

const home = 'usr/local/bundle/specifications';

/** As `gem install` of RubyGems 3.3 writes it. */
const generated = (name: string, version: string) => `# -*- encoding: utf-8 -*-
# stub: ${name} ${version} ruby lib

Gem::Specification.new do |s|
  s.name = "${name}".freeze
  s.version = "${version}"
  s.platform = "x86_64-linux".freeze

  s.required_rubygems_version = Gem::Requirement.new(">= 1.3.1".freeze) if s.respond_to? :required_rubygems_version=
  s.name = "later".freeze
end
`;

test('installed gems: generated, by RubyGems 1.8, by stub, in Windows line ends', async () => {
  const packages = await briefs(gemCataloger, {
    [`${home}/nokogiri-1.13.3-x86_64-linux.gemspec`]: generated('nokogiri', '1.13.3'),
    [`${home}/default/json-2.6.1.gemspec`]:
      'Gem::Specification.new do |s|\n  s.name = %q{json}\n  s.version = "2.6.1"\n',
    [`${home}/a-1.gemspec`]:
      "Gem::Specification.new {|spec|\r\n  spec.name = 'a'\r\n  spec.version = Gem::Version.new('1')\r\n",
    [`${home}/b-2.0.pre1.gemspec`]:
      '# stub: b 2.0.pre1 ruby lib\nspec = Gem::Specification.new { |s| s.version = B::VERSION }',
  });
  assert.deepEqual(packages, [
    `pkg:gem/nokogiri@1.13.3 ${home}/nokogiri-1.13.3-x86_64-linux.gemspec`,
    `pkg:gem/json@2.6.1 ${home}/default/json-2.6.1.gemspec`,
    `pkg:gem/a@1 ${home}/a-1.gemspec`,
    `pkg:gem/b@2.0.pre1 ${home}/b-2.0.pre1.gemspec`,
  ]);
});

test('removed and replaced gems', async () => {
  const path = `${home}/rack-2.2.2.gemspec`;
  assert.deepEqual(await briefs(gemCataloger, { [path]: generated('rack', '2.2.2') }, { [path]: null }), [
    `pkg:gem/rack@2.2.2 removed ${path}`,
  ]);
});

const places: readonly (readonly [path: string, installed: boolean])[] = [
  ['specifications/a.gemspec', true],
  ['usr/local/lib/ruby/gems/3.2.0/specifications/default/a.gemspec', true],
  ['usr/local/rvm/gems/ruby-3.2.0@global/specifications/a.gemspec', true],
  ['app/vendor/bundle/ruby/3.2.0/specifications/a.gemspec', true],
  ['usr/local/bundle/gems/a-1.0/a.gemspec', false],
  ['usr/local/bundle/gems/a-1.0/spec/specifications/b.gemspec', false],
  ['usr/lib/ruby/gems/3.2.0/gems/bundler-2/specifications/b.gemspec', false],
  ['x/my-specifications/a.gemspec', false],
  ['x/specifications/a.rb', false],
];
for (const [path, installed] of places) {
  test(`${path} is ${installed ? 'an' : 'no'} installation`, () => {
    assert.equal(isInstalledSpecification(path), installed);
  });
}

const bad = [
  's.name = "a b"\ns.version = "1"',
  's.name = "a"\ns.version = "1\u0000"',
  's.name = "#{x}"\ns.version = "1"',
  's.name = "a',
  '',
  '# stub: only',
];
for (const text of bad) {
  test(`no gem: ${JSON.stringify(text)}`, async () => {
    const result = await catalogOf(gemCataloger, [{ [`${home}/x.gemspec`]: text }]);
    assert.deepEqual([result.packages, codes(result)], [[], ['package_invalid_metadata!']]);
  });
}

test('locked gems come from servers only, each version once', async () => {
  const lock = `GIT
  remote: https://example.org/x.git
  specs:
    fromgit (1.0)

PATH
  remote: .
  specs:
    own (0.1)

GEM
  remote: https://rubygems.org/
  specs:
    nokogiri (1.13.3-x86_64-linux)
      racc (~> 1.4)
    nokogiri (1.13.3-arm64-darwin)
    racc (1.6.0)

PLATFORMS
  x86_64-linux

DEPENDENCIES
  nokogiri (1.0)
`;
  assert.deepEqual(await briefs(gemfileLockCataloger, { 'app/Gemfile.lock': lock, 'app/xGemfile.lock': lock }), [
    'pkg:gem/nokogiri@1.13.3 declared app/Gemfile.lock',
    'pkg:gem/racc@1.6.0 declared app/Gemfile.lock',
  ]);
});

test('versions: what is none, and orders that others get wrong', () => {
  for (const bad of ['', ' ', 'a', '1.', '1..2', '.1', '1_2', '1 2', '1-', '1'.repeat(2000)]) {
    assert.equal(gemVersions.valid(bad), false, JSON.stringify(bad));
  }
  const rising = ['0', '1.0.a', '1.0.b1', '1.0.rc1', '1', '1.0.1', '1.9', '1.10', '10'];
  rising.forEach((a, i) => {
    for (const [j, b] of rising.entries())
      assert.equal(Math.sign(gemVersions.compare(a, b)), Math.sign(i - j), `${a} ${b}`);
  });
  assert.equal(gemVersions.compare('1.0.0', '1'), 0);
});
