import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { validator } from '../../../test/support/json-schemas.ts';
import { openVexProblems } from '../../../test/support/openvex-rules.ts';
import { sampleFixFacts } from '../../../test/support/sample-fix-facts.ts';
import type { ReportOutcome } from '../../findings/index.ts';
import { digestOf, mediaTypes, parseManifestDocument } from '../../image/index.ts';
import { buildStatementDocument } from './document.ts';
import { signStatement } from './dsse.ts';
import { readOwnProvenance } from './own-provenance.ts';
import { buildProvenanceStatement } from './provenance.ts';
import { buildReferrer } from './referrer.ts';
import { buildSbomDocument } from './sbom.ts';
import { jsonBytes } from './statement.ts';
import { buildVexStatement } from './vex.ts';

const facts = sampleFixFacts();
const subjects = [{ name: facts.result.reference, digest: facts.result.digest }];
const parse = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString());
const keys = generateKeyPairSync('ed25519');

test('the bill of materials is CycloneDX', () => {
  const document = buildSbomDocument(facts.after);
  assert.equal(document.mediaType, 'application/vnd.cyclonedx+json');
  assert.deepEqual(validator('cyclonedx')(parse(document.bytes)), []);
});

test('the VEX statement says of every requested vulnerability what became of it', () => {
  const statement = parse(jsonBytes(buildVexStatement(facts, subjects)));
  assert.equal(statement.predicateType, 'https://openvex.dev/ns/v0.2.0');
  assert.deepEqual(statement.subject[0].digest, { sha256: facts.result.digest.slice('sha256:'.length) });
  assert.deepEqual(openVexProblems(statement.predicate), []);
  const said = statement.predicate.statements.map((entry: { vulnerability: { name: string }; status: string }) => [
    entry.vulnerability.name,
    entry.status,
  ]);
  assert.deepEqual(said, [
    ['CVE-2024-0001', 'fixed'],
    ['CVE-2024-0002', 'fixed'],
    ['CVE-2022-48303', 'affected'],
  ]);
  const [product] = statement.predicate.statements[1].products;
  assert.match(product.subcomponents[0]['@id'], /openssl@3\.0\.13-1~deb12u1/);
});

test('VEX status follows the outcome', () => {
  const rows: readonly (readonly [Partial<ReportOutcome>, status: string, justification: string | undefined])[] = [
    [{ outcome: 'fixed' }, 'fixed', undefined],
    [{ outcome: 'not_affected', detail: 'already_fixed: 2 is installed' }, 'fixed', undefined],
    [{ outcome: 'not_affected', detail: null }, 'not_affected', 'vulnerable_code_not_present'],
    [{ outcome: 'not_affected', package: null, from: null }, 'not_affected', 'component_not_present'],
    [{ outcome: 'still_present' }, 'affected', undefined],
    [{ outcome: 'needs_script', detail: 'postinst' }, 'affected', undefined],
    [{ outcome: 'cancelled' }, 'affected', undefined],
  ];
  for (const [change, status, justification] of rows) {
    const outcomes = facts.outcomes.slice(0, 1).map((outcome) => ({ ...outcome, ...change }));
    const { predicate } = parse(jsonBytes(buildVexStatement({ ...facts, outcomes }, subjects)));
    assert.deepEqual(openVexProblems(predicate), []);
    assert.deepEqual([predicate.statements[0].status, predicate.statements[0].justification], [status, justification]);
  }
});

test('the provenance names source, indexes, every package and the proof', () => {
  const { predicate, predicateType } = parse(
    jsonBytes(buildProvenanceStatement(facts, subjects, ({ path }) => `https://mirror.example/${path}`)),
  );
  assert.equal(predicateType, 'https://slsa.dev/provenance/v1');
  // Required by slsa.dev/spec/v1.0/provenance: buildType, externalParameters, builder.id.
  const { buildDefinition, runDetails } = predicate;
  assert.match(buildDefinition.buildType, /^urn:/);
  assert.deepEqual(buildDefinition.externalParameters.requested, facts.request.requested);
  assert.equal(typeof runDetails.builder.id, 'string');
  const digests = buildDefinition.resolvedDependencies.map(
    (entry: { digest: { sha256: string } }) => entry.digest.sha256,
  );
  assert.deepEqual(digests, [
    facts.source.digest.slice(7),
    digestOf('InRelease').slice(7),
    ...facts.plan.upgrades.map(({ sha256 }) => sha256),
    digestOf('dropped').slice(7),
  ]);
  assert.match(buildDefinition.resolvedDependencies[2].uri, /^https:\/\/mirror\.example\/pool\//);
  assert.deepEqual(
    runDetails.byproducts.map((entry: { name: string }) => entry.name),
    ['plan', 'rescan-report'],
  );
});

test('our own signed provenance is recognised, everything else is not', () => {
  const statement = buildProvenanceStatement(facts, subjects);
  const signed = signStatement(jsonBytes(statement), keys.privateKey);
  assert.deepEqual(readOwnProvenance(signed, keys.publicKey), {
    subjects: [facts.result.digest],
    origin: { reference: facts.source.reference, digest: facts.source.digest },
    plan: facts.planDigest,
    task: facts.task,
    version: '0.1.0',
  });
  const forged = signStatement(jsonBytes(statement), generateKeyPairSync('ed25519').privateKey);
  const foreign: readonly Uint8Array[] = [
    forged,
    jsonBytes(statement),
    signStatement(jsonBytes(buildVexStatement(facts, subjects)), keys.privateKey),
    signStatement(jsonBytes({ ...statement, predicate: {} }), keys.privateKey),
    signStatement(jsonBytes({ ...statement, subject: [{ name: 'x', digest: { sha256: '../x' } }] }), keys.privateKey),
    signStatement(Buffer.from('null'), keys.privateKey),
    Buffer.from(''),
  ];
  for (const envelope of foreign) assert.equal(readOwnProvenance(envelope, keys.publicKey), undefined);
});

test('a referrer is an artifact manifest that our own parser accepts', () => {
  const statement = buildProvenanceStatement(facts, subjects);
  const document = buildStatementDocument(statement, keys.privateKey);
  const subject = { mediaType: mediaTypes.ociManifest, digest: facts.result.digest, size: 1234 };
  const referrer = buildReferrer(document, subject, facts.finishedAt);
  const { content } = parseManifestDocument(referrer.bytes, referrer.mediaType);
  assert.equal(content.kind, 'manifest');
  assert.ok(content.kind === 'manifest');
  assert.deepEqual(content.subject, subject);
  assert.equal(content.artifactType, 'application/vnd.in-toto+json');
  assert.deepEqual(
    [content.config.digest, content.layers[0]?.digest],
    referrer.blobs.map(({ digest }) => digest),
  );
  // The digest that the image specification gives for its empty JSON object.
  assert.equal(content.config.digest, 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  assert.equal(content.annotations['in-toto.io/predicate-type'], 'https://slsa.dev/provenance/v1');
  assert.equal(content.annotations['org.opencontainers.image.created'], facts.finishedAt);
  for (const blob of referrer.blobs)
    assert.deepEqual([blob.digest, blob.size], [digestOf(blob.bytes), blob.bytes.length]);
  assert.equal(buildReferrer(document, subject, facts.finishedAt).digest, referrer.digest);
});

test('without a key the statement is attached plain', () => {
  const statement = buildVexStatement(facts, subjects);
  const document = buildStatementDocument(statement, undefined);
  assert.equal(document.mediaType, 'application/vnd.in-toto+json');
  assert.deepEqual(parse(document.bytes), JSON.parse(JSON.stringify(statement)));
});
