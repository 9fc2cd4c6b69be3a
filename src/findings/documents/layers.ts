import type { ReportLayer, ScanReport } from '../report.ts';

/** What an image says about one of its layers. */
export interface LayerFacts extends ReportLayer {
  /** Counted from the bottom, from 1 on. */
  readonly number: number;
}

/** The layers of a report by digest, for packages and findings that name them; of equal layers the lowest. */
export function layersByDigest(report: ScanReport): ReadonlyMap<string, LayerFacts> {
  const layers = new Map<string, LayerFacts>();
  report.image.layers.forEach((layer, index) => {
    if (!layers.has(layer.digest)) layers.set(layer.digest, { ...layer, number: index + 1 });
  });
  return layers;
}
