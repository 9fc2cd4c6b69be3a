export { type AnalysisKey, type LayerAnalysisCache, noCache } from './ports.ts';
export { type ScanInput, scanImage } from './scan-image.ts';
