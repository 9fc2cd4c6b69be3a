/** Characters that RFC 3986 allows in a URI as they are; `%` only in front of two hex digits. */
const allowed = /[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]/;

/**
 * Makes any text usable where a schema asks for a URI: what may not stand there is percent-encoded, the rest (a
 * package URL is already one) stays byte for byte.
 */
export function toUri(text: string): string {
  let result = '';
  const wellFormed = text.toWellFormed();
  for (let i = 0; i < wellFormed.length; ) {
    const char = String.fromCodePoint(wellFormed.codePointAt(i) ?? 0);
    const encoded = char === '%' && /^%[0-9A-Fa-f]{2}$/.test(wellFormed.slice(i, i + 3));
    result += encoded || (char !== '[' && char !== ']' && allowed.test(char)) ? char : percentEncode(char);
    i += char.length;
  }
  return result;
}

/** A path inside an image as a relative URI reference: `/` separates, everything else is encoded as needed. */
export function toRelativeUri(path: string): string {
  const segments = path.toWellFormed().split('/').map(encodeURIComponent);
  // A first segment such as `a:b` would read as a scheme, an empty or dotted one would leave the image's root.
  const plain = segments.filter((segment) => segment !== '' && segment !== '.' && segment !== '..');
  return plain.join('/');
}

function percentEncode(char: string): string {
  return [...Buffer.from(char)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
