/** The parts of a package URL that Drydock uses; qualifiers without value are left out. */
export interface PackageUrlParts {
  readonly type: string;
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly version: string;
  readonly qualifiers?: Readonly<Record<string, string | null | undefined>>;
}

/**
 * A package URL in the canonical spelling of purl-spec: qualifiers sorted, `:` and, in versions, `+` as themselves.
 * Checked in tests against packageurl-js, which is too slow to build thousands.
 */
export function packageUrl(parts: PackageUrlParts): string {
  let url = `pkg:${parts.type}/`;
  if (parts.namespace) url += `${encode(parts.namespace).replaceAll('%2F', '/')}/`;
  url += encode(parts.name);
  if (parts.version !== '') url += `@${encode(parts.version).replaceAll('%2B', '+')}`;
  const qualifiers = Object.entries(parts.qualifiers ?? {})
    .filter((pair): pair is [string, string] => pair[1] !== null && pair[1] !== undefined && pair[1] !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const query = qualifiers.map(([key, value]) => `${key}=${encodeQualifier(value)}`).join('&');
  return query === '' ? url : `${url}?${query}`;
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('%3A', ':');
}

/** As form data, with blanks as `%20`: this is what packageurl-js writes. */
function encodeQualifier(text: string): string {
  return encodeURIComponent(text).replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
