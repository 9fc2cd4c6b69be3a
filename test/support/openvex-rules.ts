/** Fields that the specification of OpenVEX 0.2.0 knows, per kind of object. */
const fields = {
  document: ['@context', '@id', 'author', 'role', 'timestamp', 'last_updated', 'version', 'tooling', 'statements'],
  statement: [
    '@id',
    'version',
    'vulnerability',
    'timestamp',
    'last_updated',
    'products',
    'status',
    'supplier',
    'status_notes',
    'justification',
    'impact_statement',
    'action_statement',
    'action_statement_timestamp',
  ],
  vulnerability: ['@id', 'name', 'description', 'aliases'],
  product: ['@id', 'identifiers', 'hashes', 'subcomponents'],
  subcomponent: ['@id', 'identifiers', 'hashes'],
} as const;

type Json = Record<string, unknown>;

/**
 * What breaks the rules of OpenVEX 0.2.0 (github.com/openvex/spec, OPENVEX-SPEC.md) in a document: known and required
 * fields, ids that are URIs, and what each status asks for. Written from the text of the specification.
 */
export function openVexProblems(document: Json): readonly string[] {
  const problems = [...unknownFields('document', document)];
  for (const name of ['@context', '@id', 'author', 'timestamp', 'version', 'statements']) {
    if (document[name] === undefined) problems.push(`document without ${name}`);
  }
  if (!isUri(document['@id'])) problems.push('@id of the document is not a URI');
  if (Number.isNaN(Date.parse(String(document.timestamp)))) problems.push('timestamp is not a time');
  for (const statement of list(document.statements)) problems.push(...statementProblems(statement));
  return problems;
}

function statementProblems(statement: Json): string[] {
  const problems = unknownFields('statement', statement);
  const vulnerability = statement.vulnerability as Json | undefined;
  if (typeof vulnerability?.name !== 'string') problems.push('statement without vulnerability name');
  problems.push(...unknownFields('vulnerability', vulnerability ?? {}), ...duplicates(vulnerability?.aliases));
  const has = (name: string): boolean => statement[name] !== undefined;
  switch (statement.status) {
    case 'affected':
      if (!has('action_statement')) problems.push('affected without action_statement');
      break;
    case 'not_affected':
      if (has('justification') === has('impact_statement')) problems.push('not_affected wants one of two reasons');
      break;
    case 'fixed':
    case 'under_investigation':
      break;
    default:
      problems.push(`unknown status ${String(statement.status)}`);
  }
  for (const product of list(statement.products)) {
    problems.push(...unknownFields('product', product), ...duplicates(product.subcomponents));
    for (const part of list(product.subcomponents)) problems.push(...unknownFields('subcomponent', part));
    for (const item of [product, ...list(product.subcomponents)]) {
      if (!isUri(item['@id'])) problems.push(`@id is not a URI: ${String(item['@id']).slice(0, 80)}`);
    }
  }
  return problems;
}

function unknownFields(kind: keyof typeof fields, object: Json): string[] {
  const known: readonly string[] = fields[kind];
  return Object.keys(object)
    .filter((name) => !known.includes(name))
    .map((name) => `unknown field ${name} of ${kind}`);
}

function duplicates(value: unknown): string[] {
  const items = list(value).map((item) => JSON.stringify(item));
  return new Set(items).size === items.length ? [] : ['a list repeats an item'];
}

function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** RFC 3986: a scheme, then only allowed characters and complete percent-encodings. */
function isUri(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    /^[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9\-._~:/?#@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/.test(value)
  );
}
