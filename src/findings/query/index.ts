export { countRows } from './engine/counting.ts';
export {
  type DescribedPackage,
  type DescribedRow,
  describeMatch,
  describeRow,
} from './engine/describe.ts';
export { EstateQueries, type Fixing, type QueryPorts } from './engine/estate-queries.ts';
export { imageRank } from './engine/orders.ts';
export { pageLimit, pageOf, type Window } from './engine/pages.ts';
export { countPerMatch } from './engine/per-match.ts';
export type { Plan } from './engine/plan.ts';
export { imageRow, selectedImages } from './engine/row-images.ts';
export type { Row } from './engine/row-order.ts';
export { createRowSources, type RowSourceDeps } from './engine/row-sources.ts';
export { shownFindings } from './engine/shown.ts';
export { type Tallies, talliesOf } from './engine/tallies.ts';
export { type UrgentKind, urgentCountsOf } from './engine/urgent.ts';
export { countVulnerabilities, type VulnerabilitySummary, vulnerabilityPage } from './engine/vulnerability-rows.ts';
export { EstateIndex, type EstateIndexOptions } from './estate/estate-index.ts';
export { Pacer, sortPaced } from './estate/pacer.ts';
export { stateUnimportant } from './estate/parts.ts';
export type { Snapshot } from './estate/snapshot.ts';
export { createEstateSource } from './estate-source.ts';
export { type RiskView, riskViewOf } from './risks/view.ts';
