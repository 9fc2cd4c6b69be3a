/**
 * SHA-256 of the decoded bodies of private keys that everybody has, because a standard prints them or a tool ships them.
 * They protect nothing and are told at the lowest level.
 */
export const publishedKeys: ReadonlySet<string> = new Set([]);
