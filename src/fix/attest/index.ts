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
export { readOwnProvenance } from './own-provenance.ts';
export { buildProvenanceStatement } from './provenance.ts';
export { buildReferrer } from './referrer.ts';
export { buildSbomDocument } from './sbom.ts';
export { statementType } from './statement.ts';
export { buildVexStatement } from './vex.ts';
