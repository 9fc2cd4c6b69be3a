import type { JsonObject, JsonValue } from '../../../kernel/index.ts';
import type { VexAssertion, VexProduct } from '../contract.ts';
import type { Justification } from '../justification.ts';
import { justification, objects, part, text, texts, time } from './fields.ts';
import type { VexReading } from './reading.ts';

/**
 * Reads the vulnerabilities of a CSAF 2.0 document of the profiles VEX or security advisory. Products are known by the
 * package URL or hash of their branch; a relationship is known by its component. Products without either match nothing.
 */
export function readCsaf(document: JsonObject, reading: VexReading): void {
  const tree = part(document.product_tree);
  const products = productsOf(tree);
  const groups = new Map(
    objects(tree.product_groups).map((group) => [text(group.group_id) ?? '', texts(group.product_ids)] as const),
  );
  const written = time(part(part(document.document).tracking).current_release_date);
  for (const [index, vulnerability] of objects(document.vulnerabilities).entries()) {
    const ids = [text(vulnerability.cve), ...objects(vulnerability.ids).map((id) => text(id.text))];
    const vulnerabilities = ids.filter((id) => id !== null);
    const flags = perProduct(vulnerability.flags, groups, (flag) => justification(flag.label));
    const impacts = perProduct(vulnerability.threats, groups, (threat) =>
      threat.category === 'impact' ? text(threat.details) : null,
    );
    for (const [list, status] of statuses) {
      const named = texts(part(vulnerability.product_status)[list]);
      // Products that share what is said about them make one statement.
      const alike = Map.groupBy(named, (id) => JSON.stringify([flags.get(id) ?? null, impacts.get(id) ?? null]));
      for (const [said, members] of alike) {
        const [flag, impact] = JSON.parse(said) as [Justification | null, string | null];
        const known = members.flatMap((id) => products.get(id) ?? []);
        reading.add(`vulnerability ${index + 1} (${list})`, {
          ...{ vulnerabilities, products: known, status, justification: flag, text: impact },
          timestamp: time(vulnerability.release_date) || written,
        });
      }
    }
  }
}

const statuses: readonly (readonly [string, VexAssertion['status']])[] = [
  ['known_not_affected', 'not_affected'],
  ['fixed', 'fixed'],
  ['first_fixed', 'fixed'],
  ['under_investigation', 'under_investigation'],
  ['known_affected', 'affected'],
  ['first_affected', 'affected'],
  ['last_affected', 'affected'],
];

/** Products by id. Branches may be nested as deep as the document allows; they are walked without recursion. */
function productsOf(tree: JsonObject): ReadonlyMap<string, VexProduct> {
  const found = new Map<string, VexProduct>();
  const add = (value: JsonValue | undefined): void => {
    const product = part(value);
    const id = text(product.product_id);
    const helper = part(product.product_identification_helper);
    const known = id === null ? null : knownBy(helper);
    if (id !== null && known !== null) found.set(id, known);
  };
  for (const product of objects(tree.full_product_names)) add(product);
  const open = [...objects(tree.branches)];
  for (let branch = open.pop(); branch !== undefined; branch = open.pop()) {
    add(branch.product);
    open.push(...objects(branch.branches));
  }
  for (const relationship of objects(tree.relationships)) {
    const id = text(part(relationship.full_product_name).product_id);
    const component = found.get(text(relationship.product_reference) ?? '');
    const platform = found.get(text(relationship.relates_to_product_reference) ?? '');
    if (id === null || component === undefined) continue;
    // A component of an image: both have to hold. Of other platforms nothing is known here but the component.
    const within = platform?.image != null || platform?.digest != null ? platform : null;
    found.set(id, within === null ? component : { ...within, package: component.package });
  }
  return found;
}

function knownBy(helper: JsonObject): VexProduct | null {
  const purl = text(helper.purl) ?? texts(helper.purls)[0] ?? null;
  const digest = objects(helper.hashes)
    .flatMap((hash) => objects(hash.file_hashes))
    .find(({ algorithm }) => algorithm === 'sha256');
  const hex = text(digest?.value);
  const isImage = purl?.startsWith('pkg:oci/') === true;
  if (isImage) return { image: purl, digest: hex === null ? null : `sha256:${hex.toLowerCase()}`, package: null };
  return purl === null ? null : { image: null, digest: null, package: purl };
}

/** What flags or threats say of each product; those without products speak of none. */
function perProduct<T>(
  value: JsonValue | undefined,
  groups: ReadonlyMap<string, readonly string[]>,
  read: (item: JsonObject) => T | null,
): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const item of objects(value)) {
    const said = read(item);
    if (said === null) continue;
    const members = [...texts(item.product_ids), ...texts(item.group_ids).flatMap((id) => groups.get(id) ?? [])];
    for (const id of members) found.set(id, said);
  }
  return found;
}
