export { toFindings } from './findings.ts';
export { analyserGeneration } from './generation.ts';
export { noAdvisories } from './no-advisories.ts';
export { noCache } from './no-cache.ts';
export type { AnalysisKey, LayerAnalysisCache, ThreadFacts, ThreadWalk, VisitorThread } from './ports.ts';
export { scanSbom } from './sbom/scan-sbom.ts';
export { type ScanInput, scanImage } from './scan-image.ts';
