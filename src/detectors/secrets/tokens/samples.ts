/** The pair that the documentation of AWS prints everywhere: no secret, and worth a word at most. */
const published = new Set([`AKIA${'IOSFODNN7EXAMPLE'}`, `wJalrXUtnFEMI/${'K7MDENG/bPxRfiCYEXAMPLEKEY'}`]);

/** Whether a value is printed in an issuer's documentation. */
export function isPublishedSample(value: string): boolean {
  return published.has(value);
}
