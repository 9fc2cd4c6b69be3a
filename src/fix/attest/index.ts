export type {
  AttestationBlob,
  AttestationDocument,
  AttestedRequest,
  FixFacts,
  OwnProvenance,
  Referrer,
  Subject,
} from './contract.ts';
export { buildStatementDocument } from './document.ts';
export { keyIdOf, signStatement, verifyEnvelope } from './dsse.ts';
export { AttestError } from './errors.ts';
export { readOwnProvenance } from './own-provenance.ts';
export { buildProvenanceStatement, provenancePredicate } from './provenance.ts';
export { buildReferrer } from './referrer.ts';
export { buildSbomDocument, sbomType } from './sbom.ts';
export { statementType } from './statement.ts';
export { buildVexStatement } from './vex.ts';
