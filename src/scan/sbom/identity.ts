import { type Digest, isDigest } from '../../image/index.ts';
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '../../kernel/index.ts';

/** What a bill of materials says about the image that it describes. */
export interface SbomSubject {
  /** Name or reference of the image; null when the document tells none. */
  readonly reference: string | null;
  readonly digest: Digest | null;
  readonly configDigest: Digest | null;
  /** `os/architecture[/variant]`; null when the document does not say. */
  readonly platform: string | null;
}

const nothing: SbomSubject = { reference: null, digest: null, configDigest: null, platform: null };
const limits = { maxBytes: 64 * 1024 ** 2, maxDepth: 200 };

/** Reads the identity of the image from a document that is known to be CycloneDX or SPDX 2 in JSON. */
export function subjectOfSbom(bytes: Uint8Array): SbomSubject {
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const value = parseJson(mark ? bytes.subarray(3) : bytes, limits);
  let document = isJsonObject(value) ? value : undefined;
  if (isJsonObject(document?.predicate)) document = document.predicate;
  if (document === undefined) return nothing;
  return document.bomFormat === 'CycloneDX' ? ofCycloneDx(document) : ofSpdx(document);
}

function ofCycloneDx({ metadata }: JsonObject): SbomSubject {
  const component = isJsonObject(metadata) ? metadata.component : undefined;
  if (!isJsonObject(component)) return nothing;
  const properties = new Map<string, string>();
  for (const item of list(component.properties).slice(0, 4096)) properties.set(text(item.name), text(item.value));
  const platform = properties.get('drydock:image:platform') ?? '';
  return {
    reference: name(properties.get('drydock:image:reference') ?? text(component.name)),
    digest: digestIn(text(component.version), text(component.purl)),
    configDigest: digestIn(properties.get('drydock:image:configDigest') ?? ''),
    platform: /^[a-z0-9._-]{1,32}(\/[a-z0-9._-]{1,32}){1,2}$/.test(platform) ? platform : null,
  };
}

/** The package that the document says it describes. */
function ofSpdx(document: JsonObject): SbomSubject {
  const described = new Set(
    list(document.relationships)
      .filter(
        ({ relationshipType, spdxElementId }) =>
          relationshipType === 'DESCRIBES' && spdxElementId === 'SPDXRef-DOCUMENT',
      )
      .map(({ relatedSpdxElement }) => text(relatedSpdxElement)),
  );
  if (Array.isArray(document.documentDescribes)) described.add(text(document.documentDescribes[0]));
  const subject = list(document.packages).find(({ SPDXID }) => described.has(text(SPDXID)));
  if (subject === undefined) return nothing;
  const purls = list(subject.externalRefs).map(({ referenceLocator }) => text(referenceLocator));
  return { ...nothing, reference: name(text(subject.name)), digest: digestIn(text(subject.versionInfo), ...purls) };
}

/** The first digest among texts; that of a package URL of an image stands as its version. */
function digestIn(...texts: readonly string[]): Digest | null {
  for (const candidate of texts) {
    if (isDigest(candidate)) return candidate;
    const version = /^pkg:(?:oci|docker)\/[^@]*@([^?#]*)/.exec(candidate.slice(0, 1000))?.[1]?.replace('%3A', ':');
    if (version !== undefined && isDigest(version)) return version;
  }
  return null;
}

/** A name that may stand for an image; anything else is not taken over. */
function name(text: string): string | null {
  return text !== '' && text.length <= 512 && !/[\p{Cc}\p{Cf}\p{Cs}\s]/u.test(text) ? text : null;
}

function list(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
