import { type Diagnostic, isJsonObject, JsonError, type JsonObject, messageOf, parseJson } from '../../kernel/index.ts';
import type { OsRelease } from '../contract.ts';
import { type ParsedPackageUrl, parsePackageUrl } from '../purl-text.ts';
import { toComponent } from './component.ts';
import type { RawComponent, RawDocument, SbomComponent, SbomDocument } from './contract.ts';
import { sbomLimits } from './limits.ts';
import { osOfComponent, osOfPurl } from './os.ts';
import { readCycloneDx } from './read-cyclonedx.ts';
import { readSpdx } from './read-spdx.ts';

/** Bounds of one document as bytes. */
export const documentLimits = { maxBytes: 64 * 1024 ** 2, maxDepth: 200 };

/** What stands for something else than a package in either format. */
const otherKinds = new Set(['container', 'operating-system', 'file', 'data']);
/** Package URLs of whole images. */
const imageTypes = new Set(['oci', 'docker']);

/**
 * Reads a bill of materials, CycloneDX or SPDX 2 in JSON, also as the predicate of an in-toto statement.
 * @returns format null and a diagnostic when it is none of these; never throws.
 */
export function readSbom(bytes: Uint8Array): SbomDocument {
  let document: JsonObject | undefined;
  try {
    const value = parseJson(withoutMark(bytes), documentLimits);
    document = isJsonObject(value) ? value : undefined;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return unreadable(messageOf(error));
  }
  if (isJsonObject(document?.predicate)) document = document.predicate;
  if (document?.bomFormat === 'CycloneDX') return interpret('cyclonedx', readCycloneDx(document));
  if (typeof document?.spdxVersion === 'string' && document.spdxVersion.startsWith('SPDX-2.')) {
    return interpret('spdx', readSpdx(document));
  }
  return unreadable('neither CycloneDX nor SPDX 2 in JSON');
}

/** Some writers put a byte-order mark in front. */
function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

function unreadable(problem: string): SbomDocument {
  const message = `the bill of materials cannot be read: ${problem}`;
  return {
    format: null,
    components: [],
    os: undefined,
    diagnostics: [{ code: 'invalid_sbom', message, partial: true }],
  };
}

function interpret(format: 'cyclonedx' | 'spdx', raw: RawDocument): SbomDocument {
  const components: SbomComponent[] = [];
  const invalid: string[] = [];
  const distributions = new Map<string, OsRelease>();
  let named: OsRelease | undefined;
  let unnamed = 0;
  for (const item of raw.components) {
    named ??= osOfComponent(item);
    if (otherKinds.has(item.kind)) continue;
    if (item.purl === undefined) {
      if (isPackageKind(item)) unnamed++;
      continue;
    }
    const purl = parseWithVersion(item.purl, item.version);
    if (purl !== undefined && imageTypes.has(purl.type)) continue;
    if (purl?.version === '') {
      unnamed++;
      continue;
    }
    const component = purl && toComponent(item, purl);
    if (purl === undefined || component === undefined) invalid.push(item.purl);
    else {
      const os = osOfPurl(purl);
      if (os !== undefined) distributions.set(JSON.stringify([os.id, os.versionId, os.codename]), os);
      components.push(component);
    }
  }
  const os = named ?? (distributions.size === 1 ? [...distributions.values()][0] : undefined);
  return { format, components, os, diagnostics: problems(raw.truncated, invalid, unnamed) };
}

/** Some writers leave the version to the component's own field. */
function parseWithVersion(text: string, version: string): ParsedPackageUrl | undefined {
  const purl = parsePackageUrl(text);
  return purl?.version === '' ? { ...purl, version } : purl;
}

/** SPDX often says nothing of the kind; the subject of such a document is then nothing that is missed. */
function isPackageKind({ kind }: RawComponent): boolean {
  return kind === 'library' || kind === 'framework' || kind === 'application';
}

function problems(truncated: boolean, invalid: readonly string[], unnamed: number): Diagnostic[] {
  const found: Diagnostic[] = [];
  if (truncated) {
    const message = `the bill of materials has more than ${sbomLimits.components} components; the rest was not read`;
    found.push({ code: 'sbom_too_large', message, partial: true });
  }
  if (invalid.length > 0) {
    const example = JSON.stringify(invalid[0]?.slice(0, 200));
    const message = `${invalid.length} package URLs of the bill of materials are not valid, for example ${example}`;
    found.push({ code: 'package_invalid_metadata', message, partial: true });
  }
  if (unnamed > 0) {
    const message = `${unnamed} components of the bill of materials have no package URL or no version: they are not judged`;
    found.push({ code: 'sbom_incomplete', message });
  }
  return found;
}
