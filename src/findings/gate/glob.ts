/**
 * Whether a text matches a pattern in which `*` stands for any number of any characters and everything else for itself.
 * Each part between stars is taken at its first place: nothing is tried twice, whatever the text.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (parts.length === 1) return pattern === text;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

/**
 * Whether a package URL matches a pattern. Without version the pattern means every version, and qualifiers (`?arch=…`)
 * count only where the pattern names them. A scope may be written as people do: `pkg:npm/@scope/name`.
 */
export function matchesPurl(pattern: string, purl: string): boolean {
  const wanted = pattern.replace(/^(pkg:[a-z]+\/)@/, '$1%40');
  const plain = wanted.includes('?') ? purl : (purl.split(/[?#]/, 1)[0] ?? purl);
  // An @ is always that of the version: that of a scope is encoded.
  return matchesGlob(wanted.includes('@') || wanted.endsWith('*') ? wanted : `${wanted}@*`, plain);
}
