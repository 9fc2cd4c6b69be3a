import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  emptyReport,
  sampleCheck,
  sampleFinding,
  sampleMaliciousFile,
  samplePackage,
  sampleSecret,
} from '../../../test/support/sample-reports.ts';
import type { ScanReport } from '../report.ts';
import { applyDecisions, type ReportDecisions, readIgnoreFile, readVex } from './index.ts';

const now = new Date('2026-11-30T12:00:00Z');
const digest = emptyReport().image.digest;
const lodash = samplePackage('lodash', '4.17.20', {
  ...{ purl: 'pkg:npm/lodash@4.17.20', type: 'npm', arch: null, source: null },
  locations: [{ path: 'app/node_modules/lodash/package.json', layer: `sha256:${'a'.repeat(64)}` }],
});
const openssl = samplePackage('libssl3', '3.0.11-1', { source: { name: 'openssl', version: '3.0.11-1' } });

/** One finding of an application package and one of the system, by default both of CVE-2024-1. */
function report(): ScanReport {
  const findings = [
    sampleFinding('CVE-2024-1', openssl, { aliases: [] }),
    sampleFinding('CVE-2024-1', lodash, { kind: 'sca', aliases: ['GHSA-aaaa-bbbb-cccc'], path: 'app/x' }),
  ];
  return { ...emptyReport(), packages: [openssl, lodash], findings };
}

function handled(decisions: Partial<ReportDecisions>, at = now): (string | null)[] {
  const { findings } = applyDecisions(report(), { vex: [], ignore: [], ...decisions }, at);
  return findings.map(({ ignored }) => ignored?.vex?.status ?? ignored?.reason ?? null);
}

function vex(document: object, name = 'test.json'): ReportDecisions['vex'] {
  return [readVex(Buffer.from(JSON.stringify(document)), name)];
}

function openVex(...statements: object[]): ReportDecisions['vex'] {
  const head = { '@context': 'https://openvex.dev/ns/v0.2.0', '@id': 'https://example.test/vex-1', author: 'Team' };
  return vex({ ...head, timestamp: '2026-01-01T00:00:00Z', version: 1, statements });
}

const notPresent = { status: 'not_affected', justification: 'vulnerable_code_not_present' };
const one = { vulnerability: { name: 'CVE-2024-1' }, ...notPresent };

test('a statement reaches the packages that its products name, with or without version, by any alias', () => {
  const on = (...products: unknown[]): (string | null)[] => handled({ vex: openVex({ ...one, products }) });
  assert.deepEqual(on({ '@id': 'pkg:npm/lodash@4.17.20' }), [null, 'not_affected']);
  assert.deepEqual(on({ '@id': 'pkg:npm/lodash' }), [null, 'not_affected']);
  assert.deepEqual(on({ '@id': 'pkg:npm/lodash@4.17.19' }), [null, null]);
  assert.deepEqual(on({ identifiers: { purl: 'pkg:deb/debian/libssl3?arch=amd64' } }), ['not_affected', null]);
  assert.deepEqual(on({ identifiers: { purl: 'pkg:deb/debian/libssl3?arch=arm64' } }), [null, null]);
  const byAlias = { vulnerability: { name: 'X-1', aliases: ['ghsa-AAAA-bbbb-cccc'] }, ...notPresent };
  assert.deepEqual(handled({ vex: openVex({ ...byAlias, products: [{ '@id': 'pkg:npm/lodash' }] }) }), [
    null,
    'not_affected',
  ]);
});

test('an image is known by its digest or its whole repository name, never by the last part of it', () => {
  const on = (product: object): (string | null)[] => handled({ vex: openVex({ ...one, products: [product] }) });
  const both = ['not_affected', 'not_affected'];
  assert.deepEqual(on({ '@id': `pkg:oci/anything@${encodeURIComponent(digest)}` }), both);
  assert.deepEqual(on({ '@id': 'pkg:oci/app?repository_url=registry.example:5000/team/app' }), both);
  assert.deepEqual(on({ '@id': 'pkg:oci/app' }), [null, null]);
  assert.deepEqual(on({ '@id': 'urn:x', hashes: { 'sha-256': digest.slice(7) } }), [null, null]);
  assert.deepEqual(on({ hashes: { 'sha-256': digest.slice(7) } }), both);
  const inside = { '@id': `pkg:oci/app@${encodeURIComponent(digest)}`, subcomponents: [{ '@id': 'pkg:npm/lodash' }] };
  assert.deepEqual(on(inside), [null, 'not_affected']);
  const other = { ...inside, '@id': `pkg:oci/app@sha256%3A${'9'.repeat(64)}` };
  assert.deepEqual(on(other), [null, null]);
});

test('a product that cannot be resolved matches nothing (scanning.md §5.11)', () => {
  for (const name of ['Unknown Product', '', 'pkg:', 'pkg:npm/', 'cpe:2.3:a:x:y:*:*:*:*:*:*:*:*']) {
    assert.deepEqual(handled({ vex: openVex({ ...one, products: [{ '@id': name }] }) }), [null, null], name);
  }
  assert.deepEqual(handled({ vex: openVex({ ...one, products: [{ '@id': 'pkg:oci/x', subcomponents: [{}] }] }) }), [
    null,
    null,
  ]);
});

test('the closest product decides, then the latest statement; `affected` takes a statement back', () => {
  const broad = { ...one, products: [{ '@id': 'pkg:npm/lodash' }], timestamp: '2026-09-01T00:00:00Z' };
  const exact = { '@id': 'pkg:npm/lodash@4.17.20' };
  const affected = { vulnerability: { name: 'CVE-2024-1' }, status: 'affected', products: [exact] };
  assert.deepEqual(handled({ vex: openVex(broad, { ...affected, timestamp: '2025-01-01T00:00:00Z' }) }), [null, null]);
  const later = { ...one, products: [exact], timestamp: '2026-02-01T00:00:00Z' };
  assert.deepEqual(handled({ vex: openVex(later, { ...affected, timestamp: '2026-03-01T00:00:00Z' }) }), [null, null]);
  assert.deepEqual(handled({ vex: openVex({ ...affected, timestamp: '2026-01-02T00:00:00Z' }, later) }), [
    null,
    'not_affected',
  ]);
});

test('`not_affected` needs a reason; other states than those of VEX are told and not applied', () => {
  const products = [{ '@id': 'pkg:npm/lodash' }];
  const [bare] = openVex({ vulnerability: { name: 'CVE-2024-1' }, status: 'not_affected', products });
  assert.deepEqual([bare?.statements.length, bare?.diagnostics[0]?.code], [0, 'vex_statement_ignored']);
  const [odd] = openVex({ vulnerability: { name: 'CVE-2024-1' }, status: 'harmless', products });
  assert.deepEqual([odd?.statements.length, odd?.diagnostics.length], [0, 1]);
  const impact = { vulnerability: 'CVE-2024-1', status: 'not_affected', impact_statement: 'feature off', products };
  const result = applyDecisions(report(), { vex: openVex(impact), ignore: [] }, now);
  assert.deepEqual(result.findings[1]?.ignored, {
    ...{ reason: 'feature off', by: 'Team', until: null },
    vex: { status: 'not_affected', justification: null, document: 'https://example.test/vex-1' },
  });
  assert.deepEqual([result.counts.cve.total, result.counts.sca.total], [1, 0]);
});

test('CSAF: products by branch, group and relationship; flags and impacts are the reasons', () => {
  const purl = (id: string, text: string): object => ({
    product: { product_id: id, name: id, product_identification_helper: { purl: text } },
  });
  const document = (status: object, more: object = {}): object => ({
    document: {
      ...{ category: 'csaf_vex', csaf_version: '2.0', title: 't', publisher: { name: 'Vendor' } },
      tracking: { id: 'V-1', current_release_date: '2026-01-01T00:00:00Z' },
    },
    product_tree: {
      branches: [
        { category: 'vendor', branches: [purl('L', 'pkg:npm/lodash@4.17.20'), purl('S', 'pkg:deb/debian/libssl3')] },
      ],
      relationships: [
        {
          ...{ category: 'default_component_of', product_reference: 'L', relates_to_product_reference: 'OS' },
          full_product_name: { product_id: 'OS:L', name: 'L on OS' },
        },
      ],
      product_groups: [{ group_id: 'G', product_ids: ['S'] }],
    },
    vulnerabilities: [{ cve: 'CVE-2024-1', product_status: status, ...more }],
  });
  const flag = { label: 'component_not_present', product_ids: ['OS:L'] };
  assert.deepEqual(handled({ vex: vex(document({ known_not_affected: ['OS:L'] }, { flags: [flag] })) }), [
    null,
    'not_affected',
  ]);
  assert.deepEqual(handled({ vex: vex(document({ known_not_affected: ['OS:L'] })) }), [null, null], 'no reason');
  const threat = { category: 'impact', details: 'not built in', group_ids: ['G'] };
  assert.deepEqual(handled({ vex: vex(document({ known_not_affected: ['S'] }, { threats: [threat] })) }), [
    'not_affected',
    null,
  ]);
  assert.deepEqual(handled({ vex: vex(document({ fixed: ['S', 'nobody'] })) }), ['fixed', null]);
  assert.deepEqual(handled({ vex: vex(document({ under_investigation: ['L'] })) }), [null, 'under_investigation']);
});

test('CycloneDX: analysis of a component, by reference, BOM link or package URL, within the image of the document', () => {
  const state = { analysis: { state: 'not_affected', justification: 'code_not_reachable' }, id: 'CVE-2024-1' };
  const document = (ref: string, more: object = {}): object => ({
    ...{ bomFormat: 'CycloneDX', specVersion: '1.6', serialNumber: 'urn:uuid:1', ...more },
    components: [{ 'bom-ref': 'c-1', type: 'library', name: 'lodash', purl: 'pkg:npm/lodash@4.17.20' }],
    vulnerabilities: [{ ...state, affects: [{ ref }] }],
  });
  for (const ref of ['c-1', 'pkg:npm/lodash@4.17.20', 'urn:cdx:1/1#c-1']) {
    assert.deepEqual(handled({ vex: vex(document(ref)) }), [null, 'not_affected'], ref);
  }
  const about = (hex: string): object => ({
    metadata: { component: { type: 'container', purl: `pkg:oci/app@sha256%3A${hex}`, 'bom-ref': 'i' } },
  });
  assert.deepEqual(handled({ vex: vex(document('c-1', about(digest.slice(7)))) }), [null, 'not_affected']);
  assert.deepEqual(handled({ vex: vex(document('c-1', about('9'.repeat(64)))) }), [null, null], 'another image');
  const result = applyDecisions(report(), { vex: vex(document('c-1')), ignore: [] }, now);
  assert.equal(result.findings[1]?.ignored?.vex?.justification, 'vulnerable_code_not_in_execute_path');
});

test('other documents are refused as a whole', () => {
  for (const text of ['', '[]', '{}', '{"bomFormat":"CycloneDX"}', '{"@context":"https://example.test"}', '{"a":']) {
    assert.throws(() => readVex(Buffer.from(text), 'x.json'), { code: 'vex_invalid' }, text);
  }
});

function ignore(text: string, name: string): ReportDecisions['ignore'] {
  return [readIgnoreFile(Buffer.from(text), name)];
}

test('ignore files: by id, package, path and state of the fix, each rule with a reason and an end', () => {
  const own = (rule: string): (string | null)[] => handled({ ignore: ignore(`ignore:\n  - ${rule}`, 'rules.yaml') });
  assert.deepEqual(own('{id: CVE-2024-1, reason: known}'), ['known', 'known']);
  assert.deepEqual(own('{ids: [ghsa-aaaa-bbbb-cccc], reason: known}'), [null, 'known']);
  assert.deepEqual(own('{id: CVE-2024-1, packages: openssl, reason: known}'), ['known', null]);
  assert.deepEqual(own('{packages: ["pkg:npm/lodash"], reason: known}'), [null, 'known']);
  assert.deepEqual(own('{id: CVE-2024-1, paths: ["app/**"], reason: known}'), [null, 'known']);
  assert.deepEqual(own('{id: CVE-2024-1, until: fixable, reason: known}'), [null, null], 'both have a fix');
  assert.deepEqual(own('{id: CVE-2024-1, expires: 2026-11-30, reason: known}'), ['known', 'known'], 'its last day');
  assert.deepEqual(own('{id: CVE-2024-1, expires: 2026-11-29, reason: known}'), [null, null]);
  const over = ignore('ignore: [{id: CVE-2024-1, expires: 2026-11-29, reason: known}]', 'r.yml');
  const { diagnostics } = applyDecisions(report(), { vex: [], ignore: over }, now);
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['ignore_expired'],
  );
});

test('an ignore file with one mistake is refused, and says where', () => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['ignore: [{id: CVE-1}]', /rule 1 needs a reason/],
    ['ignore: [{reason: x}]', /rule 1 names nothing/],
    ['ignore: [{id: CVE-1, reason: x, expires: 2026-02-30}]', /must be a day/],
    ['ignore: [{id: CVE-1, reason: x, reson: y}]', /unknown key "reson"/],
    ['ignore: {}', /must be a list/],
    ['other: []', /unknown key "other"/],
    ['ignore: [', /r.yaml: /],
    ['{'.repeat(500), /nested deeper/],
  ];
  for (const [text, message] of wrong) {
    assert.throws(() => ignore(text, 'r.yaml'), { code: 'ignore_file_invalid', message }, text.slice(0, 60));
  }
});

test('.trivyignore in both forms', () => {
  const text = ['# accepted by the board', 'CVE-2024-1 exp:2027-01-31 # soon', '', 'DS002', '#CVE-2024-9'].join('\n');
  const [file] = ignore(text, '.trivyignore');
  assert.deepEqual(
    file?.rules.map(({ ids, reason, until }) => [ids[0], reason, until]),
    [
      ['CVE-2024-1', 'accepted by the board soon', '2027-01-31'],
      ['DS002', 'listed in .trivyignore', null],
    ],
  );
  assert.throws(() => ignore('CVE-1 exp:soon', '.trivyignore'), { code: 'ignore_file_invalid', message: /line 1/ });
  const yaml = `vulnerabilities:
  - id: CVE-2024-1
    purls: [pkg:npm/lodash]
    statement: only in tests
    expired_at: 2027-01-31
secrets:
  - id: aws
`;
  assert.deepEqual(handled({ ignore: ignore(yaml, '.trivyignore.yaml') }), [null, 'only in tests']);
  assert.equal(ignore(yaml, '.trivyignore.yaml')[0]?.diagnostics[0]?.code, 'ignore_rules_skipped');
});

test('path patterns: stars stay inside of a segment, double stars cross them, none takes more than linear steps', async () => {
  const { matchesPath } = await import('./path-pattern.ts');
  assert.ok(matchesPath('usr/lib/**/package.json', 'usr/lib/a/b/package.json'));
  assert.ok(matchesPath('**/package.json', 'package.json'));
  assert.ok(matchesPath('/usr/*/x?z', 'usr/lib/xyz'));
  assert.ok(!matchesPath('usr/*', 'usr/lib/x'));
  assert.ok(!matchesPath('usr', 'usr/lib'));
  assert.ok(!matchesPath('*a'.repeat(200), 'a'.repeat(199)));
});

test('ignore rules on checks, secrets and malicious files; a path alone excuses secrets only', () => {
  const findings = [
    sampleCheck('ID-001', { item: 'non_pwd_user' }),
    sampleSecret('npm_token', 'srv/test/.npmrc'),
    sampleMaliciousFile('Own_Rule', 'srv/test/x.php', { sha256: 'f'.repeat(64) }),
  ];
  const ignored = (rule: string): (string | null)[] => {
    const file = readIgnoreFile(Buffer.from(`ignore:\n  - { ${rule}, reason: known }`), 'i.yaml');
    const decided = applyDecisions({ ...emptyReport(), findings }, { vex: [], ignore: [file] }, now);
    return decided.findings.map((finding) => finding.ignored?.reason ?? null);
  };
  assert.deepEqual(ignored('id: non_pwd_user'), ['known', null, null]);
  assert.deepEqual(ignored('id: ID-001, paths: [etc/shadow]'), ['known', null, null]);
  assert.deepEqual(ignored('id: ID-001, paths: [etc/passwd]'), [null, null, null]);
  assert.deepEqual(ignored("paths: ['srv/test/**']"), [null, 'known', null]);
  assert.deepEqual(ignored(`id: ${'F'.repeat(64)}`), [null, null, 'known']);
  assert.deepEqual(ignored("id: MW-03, paths: ['srv/test/**']"), [null, null, 'known']);
  assert.deepEqual(ignored('id: npm_token, packages: [openssl]'), [null, null, null]);
});
