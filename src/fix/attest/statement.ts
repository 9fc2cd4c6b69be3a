import { algorithmOf, type Digest, hexOf } from '../../image/index.ts';

/** Media type of an in-toto statement, also the payload type of a signed one. */
export const statementType = 'application/vnd.in-toto+json';

/** An in-toto Statement v1 (in-toto attestation specification, layer "Statement"). */
export interface Statement {
  readonly _type: 'https://in-toto.io/Statement/v1';
  readonly subject: readonly { readonly name: string; readonly digest: Readonly<Record<string, string>> }[];
  readonly predicateType: string;
  readonly predicate: object;
}

/** Wraps a predicate as a statement about images. */
export function buildStatement(
  subjects: readonly { readonly name: string; readonly digest: Digest }[],
  predicateType: string,
  predicate: object,
): Statement {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: subjects.map(({ name, digest }) => ({ name, digest: digestSet(digest) })),
    predicateType,
    predicate,
  };
}

/** A digest in the form that in-toto uses: `{ "sha256": "<hex>" }`. */
export function digestSet(digest: Digest): Readonly<Record<string, string>> {
  return { [algorithmOf(digest)]: hexOf(digest) };
}

/** The bytes of a document: JSON in UTF-8, keys in the order in which they were written. */
export function jsonBytes(document: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(document)}\n`);
}
