/** Limits of VEX documents and ignore files: beyond them the document is refused, never applied in part. */
export const decisionLimits = {
  /** Bytes of one document. */
  bytes: 64 * 1024 * 1024,
  /** Nesting of JSON and YAML. */
  depth: 100,
  /** Statements of a document, rules of a file. */
  statements: 200_000,
  /** Products of a statement. */
  products: 200_000,
} as const;
