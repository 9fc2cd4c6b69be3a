/** A digest as this API writes it: hex without the algorithm. */
export function hexDigest(digest: string): string {
  return digest.slice(digest.indexOf(':') + 1);
}

/** A digest that a caller wrote, with or without algorithm, as Drydock writes it; undefined when it cannot be one. */
export function fullDigest(text: string): string | undefined {
  const hex = text
    .trim()
    .toLowerCase()
    .replace(/^sha(256|512):/, '');
  if (/^[0-9a-f]{64}$/.test(hex)) return `sha256:${hex}`;
  return /^[0-9a-f]{128}$/.test(hex) ? `sha512:${hex}` : undefined;
}
