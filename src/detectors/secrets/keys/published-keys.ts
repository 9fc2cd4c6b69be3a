/**
 * SHA-256 of the decoded bodies of private keys that everybody has, because a standard prints them or a tool ships them.
 * They protect nothing and are told at the lowest level.
 */
export const publishedKeys: ReadonlySet<string> = new Set([
  // RFC 8410, section 10.3, Ed25519.
  '80b885d1af82668ad76d1c5a1a916b5bfc23d247e2f7f450e45b5c1024843e96',
  // Vagrant, the key that every box has until it is first started.
  '56fb5326a1d72a4080d4870034ecac85b4ae1159f84b9bc458d46327083921e0',
]);
