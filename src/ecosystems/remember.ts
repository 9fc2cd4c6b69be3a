/** Longer texts are read each time: remembering them is what a hostile advisory would want. */
const longest = 256;
const most = 20_000;

/**
 * Remembers what was read of short texts. The same few thousand versions of advisories are compared again and again, and
 * taking them apart costs more than comparing them. Forgets everything when it is full.
 */
export function remember<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, { readonly value: T }>();
  return (text) => {
    if (text.length > longest) return read(text);
    const cached = known.get(text);
    if (cached !== undefined) return cached.value;
    const value = read(text);
    if (known.size >= most) known.clear();
    known.set(text, { value });
    return value;
  };
}
