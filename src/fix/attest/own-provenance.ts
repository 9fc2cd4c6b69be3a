import type { KeyObject } from 'node:crypto';
import { type Digest, isDigest } from '../../image/index.ts';
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '../../kernel/index.ts';
import type { OwnProvenance } from './contract.ts';
import { verifyEnvelope } from './dsse.ts';
import { fixBuildType, provenancePredicate } from './provenance.ts';

/**
 * What a signed provenance says, when our key signed it and it is a fix of ours; undefined for anything else, whatever
 * is wrong with it. The caller must still check that the image at hand is one of `subjects`: an honest statement about
 * another image proves nothing here.
 */
export function readOwnProvenance(envelope: Uint8Array, publicKey: KeyObject): OwnProvenance | undefined {
  try {
    return parseProvenance(parseJson(verifyEnvelope(envelope, publicKey)));
  } catch {
    return undefined;
  }
}

function parseProvenance(statement: JsonValue): OwnProvenance | undefined {
  const root = object(statement);
  if (root._type !== 'https://in-toto.io/Statement/v1' || root.predicateType !== provenancePredicate) return undefined;
  const definition = object(object(root.predicate).buildDefinition);
  const run = object(object(root.predicate).runDetails);
  if (definition.buildType !== fixBuildType) return undefined;
  const source = object(object(definition.externalParameters).source);
  const subjects = list(root.subject).map((entry) => digestOfSet(object(entry).digest));
  const plan = list(run.byproducts).find((entry) => object(entry).name === 'plan');
  const origin = { reference: text(source.reference), digest: text(source.digest) };
  const planDigest = digestOfSet(object(plan).digest);
  if (!isDigest(origin.digest) || planDigest === undefined || subjects.includes(undefined)) return undefined;
  return {
    subjects: subjects.filter((digest) => digest !== undefined),
    origin: { reference: origin.reference, digest: origin.digest },
    plan: planDigest,
    task: text(object(run.metadata).invocationId),
    version: text(object(object(run.builder).version).drydock),
  };
}

const nothing: JsonObject = Object.create(null);

function object(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : nothing;
}

function list(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function digestOfSet(value: JsonValue | undefined): Digest | undefined {
  const { sha256, sha512 } = object(value);
  const digest = sha256 === undefined ? `sha512:${text(sha512)}` : `sha256:${text(sha256)}`;
  return isDigest(digest) ? digest : undefined;
}
