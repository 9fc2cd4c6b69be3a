import type { JsonObject, JsonValue } from '../../../kernel/index.ts';
import type { VexAssertion, VexProduct } from '../contract.ts';
import type { Justification } from '../justification.ts';
import { objects, part, text, time } from './fields.ts';
import type { VexReading } from './reading.ts';

/**
 * Reads `vulnerabilities[].analysis` of a CycloneDX document, 1.4 to 1.6. What a vulnerability affects is named by a
 * component of the same document, or by a package URL or BOM link that ends with one.
 */
export function readCycloneDxVex(document: JsonObject, reading: VexReading): void {
  const components = componentsOf(document);
  const image = imageOf(part(part(document.metadata).component));
  const written = time(part(document.metadata).timestamp);
  for (const [index, vulnerability] of objects(document.vulnerabilities).entries()) {
    const analysis = part(vulnerability.analysis);
    // Without an analysis the entry is a finding, not a statement.
    if (text(analysis.state) === null) continue;
    const ids = [vulnerability.id, ...objects(vulnerability.references).map(({ id }) => id)].map(text);
    const state = states.get(text(analysis.state) ?? '') ?? null;
    const detail = text(analysis.detail);
    reading.add(`vulnerability ${index + 1}`, {
      vulnerabilities: ids.filter((id) => id !== null),
      products: objects(vulnerability.affects).flatMap(({ ref }) => productOf(text(ref), components, image)),
      status: state,
      justification: reasons.get(text(analysis.justification) ?? '') ?? null,
      text: detail ?? (analysis.state === 'false_positive' ? 'false positive' : null),
      timestamp: time(analysis.lastUpdated) || time(vulnerability.updated) || written,
    });
  }
}

const states: ReadonlyMap<string, VexAssertion['status']> = new Map([
  ['not_affected', 'not_affected'],
  ['false_positive', 'not_affected'],
  ['resolved', 'fixed'],
  ['resolved_with_pedigree', 'fixed'],
  ['in_triage', 'under_investigation'],
  ['exploitable', 'affected'],
]);

const reasons: ReadonlyMap<string, Justification> = new Map([
  ['code_not_present', 'vulnerable_code_not_present'],
  ['code_not_reachable', 'vulnerable_code_not_in_execute_path'],
  ['requires_configuration', 'vulnerable_code_cannot_be_controlled_by_adversary'],
  ['requires_dependency', 'vulnerable_code_cannot_be_controlled_by_adversary'],
  ['requires_environment', 'vulnerable_code_cannot_be_controlled_by_adversary'],
  ['protected_by_compiler', 'inline_mitigations_already_exist'],
  ['protected_at_runtime', 'inline_mitigations_already_exist'],
  ['protected_at_perimeter', 'inline_mitigations_already_exist'],
  ['protected_by_mitigating_control', 'inline_mitigations_already_exist'],
]);

/** Package URLs by reference; components inside of components count as well. */
function componentsOf(document: JsonObject): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const open = [...objects(document.components), part(part(document.metadata).component)];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const ref = text(at['bom-ref']);
    const purl = text(at.purl);
    if (ref !== null && purl !== null) found.set(ref, purl);
    open.push(...objects(at.components));
  }
  return found;
}

/** The image that a document is about: statements of such a document say nothing about other images. */
function imageOf(component: JsonObject): Pick<VexProduct, 'image' | 'digest'> {
  const purl = text(component.purl);
  const isImage = component.type === 'container' || purl?.startsWith('pkg:oci/') === true;
  if (!isImage) return { image: null, digest: null };
  const hash = objects(component.hashes).find(({ alg }) => alg === 'SHA-256');
  const hex = text(hash?.content);
  return { image: purl ?? '', digest: hex === null ? null : `sha256:${hex.toLowerCase()}` };
}

function productOf(
  ref: string | null,
  components: ReadonlyMap<string, string>,
  image: Pick<VexProduct, 'image' | 'digest'>,
): VexProduct[] {
  if (ref === null) return [];
  const local = ref.startsWith('urn:cdx:') ? decoded(ref.slice(ref.indexOf('#') + 1)) : ref;
  const purl = components.get(local) ?? (local.startsWith('pkg:') ? local : '');
  if (purl.startsWith('pkg:oci/')) return [{ ...image, image: purl, package: null }];
  return [{ ...image, package: purl }];
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Whether a document says anything about exploitability. */
export function hasAnalysis(vulnerabilities: JsonValue | undefined): boolean {
  return objects(vulnerabilities).some(({ analysis }) => text(part(analysis).state) !== null);
}
