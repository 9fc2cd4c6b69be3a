import type { KeyObject } from 'node:crypto';
import type { AttestationDocument } from './contract.ts';
import { envelopeType, signStatement } from './dsse.ts';
import { jsonBytes, type Statement, statementType } from './statement.ts';

/** Annotation by which clients tell statements apart without fetching them. */
const predicateAnnotation = 'in-toto.io/predicate-type';

/** A statement as a document to attach: signed in a DSSE envelope when there is a key, plain otherwise. */
export function buildStatementDocument(statement: Statement, key: KeyObject | undefined): AttestationDocument {
  const plain = jsonBytes(statement);
  return {
    mediaType: key === undefined ? statementType : envelopeType,
    artifactType: statementType,
    bytes: key === undefined ? plain : signStatement(plain, key),
    annotations: { [predicateAnnotation]: statement.predicateType },
  };
}
