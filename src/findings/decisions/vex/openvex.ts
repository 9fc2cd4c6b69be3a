import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.ts';
import type { VexAssertion, VexProduct } from '../contract.ts';
import { justification, objects, part, text, texts, time } from './fields.ts';
import type { VexReading } from './reading.ts';

/** Reads the statements of an OpenVEX document (v0.2.0, and v0.0.1 where vulnerabilities and products are plain texts). */
export function readOpenVex(document: JsonObject, reading: VexReading): void {
  const written = time(document.last_updated ?? document.timestamp);
  for (const [index, statement] of objects(document.statements).entries()) {
    const products = productsOf(statement.products);
    const where = `statement ${index + 1}`;
    reading.add(where, {
      vulnerabilities: vulnerabilitiesOf(statement),
      products,
      status: statusOf(statement.status),
      justification: justification(statement.justification),
      text: text(statement.impact_statement) ?? text(statement.status_notes) ?? text(statement.action_statement),
      timestamp: time(statement.last_updated ?? statement.timestamp) || written,
    });
  }
}

function statusOf(value: JsonValue | undefined): VexAssertion['status'] | null {
  const known = ['not_affected', 'affected', 'fixed', 'under_investigation'] as const;
  return known.find((status) => status === value) ?? null;
}

function vulnerabilitiesOf(statement: JsonObject): readonly string[] {
  const { vulnerability } = statement;
  if (typeof vulnerability === 'string') return [vulnerability];
  const fields = part(vulnerability);
  const name = text(fields.name) ?? text(fields['@id']);
  return [...(name === null ? [] : [name]), ...texts(fields.aliases)];
}

function productsOf(value: JsonValue | undefined): VexProduct[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((product: JsonValue): VexProduct[] => {
    if (typeof product === 'string') return [named(product, null)];
    if (!isJsonObject(product)) return [];
    const own = named(identifierOf(product), digestOf(product));
    const inside = objects(product.subcomponents);
    const plain = texts(product.subcomponents);
    if (inside.length + plain.length === 0) return [own];
    // A statement about parts of something speaks of the parts only: without a name they match nothing.
    return [...inside.map(identifierOf), ...plain].map((name) => ({
      image: own.image,
      digest: own.digest,
      package: name ?? '',
      ...(own.image === null && own.digest === null && own.package !== null && { image: own.package }),
    }));
  });
}

function named(name: string | null, digest: string | null): VexProduct {
  const isImage = name?.startsWith('pkg:oci/') === true || name?.startsWith('pkg:docker/') === true;
  return { image: isImage ? name : null, digest, package: isImage || name === null ? null : name };
}

function identifierOf(product: JsonObject): string | null {
  return text(part(product.identifiers).purl) ?? text(product['@id']);
}

function digestOf(product: JsonObject): string | null {
  const hex = text(part(product.hashes)['sha-256']);
  return hex === null ? null : `sha256:${hex.toLowerCase()}`;
}
