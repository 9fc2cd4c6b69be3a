import type { AuditLog } from '../../access/index.ts';
import type { ChoiceStore, EstateQueries, RiskStore } from '../../findings/index.ts';
import type { Clock } from '../../kernel/index.ts';
import type { DecisionService, ImageService, RiskCatalogue, RiskKind } from '../contract/index.ts';

/** What the risk service is made of. */
export interface RiskServiceDeps {
  readonly queries: EstateQueries;
  readonly store: Pick<RiskStore, 'riskIdsFor' | 'risksByIds' | 'riskFindings'>;
  readonly choices: ChoiceStore;
  readonly images: Pick<ImageService, 'byUuids'>;
  readonly decisions: Pick<DecisionService, 'add' | 'revoke' | 'page'>;
  /** What scanners know of each kind. */
  readonly catalogue: (kind: RiskKind) => RiskCatalogue;
  readonly audit: AuditLog;
  readonly clock: Clock;
}
