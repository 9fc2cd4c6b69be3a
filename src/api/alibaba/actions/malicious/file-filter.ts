import type { MaliciousLevel } from '../../../../detectors/index.ts';
import type { RiskQuery } from '../../../../service/index.ts';
import { fullDigest } from '../../views/digests.ts';

/** Filters by file that both lists of malicious files have. */
export function fileFilter(input: {
  readonly FuzzyMaliciousName?: string | undefined;
  readonly ImageLayer?: string | undefined;
  readonly Levels?: readonly MaliciousLevel[] | undefined;
  readonly MaliciousMd5?: string | undefined;
}): Partial<RiskQuery> {
  const { FuzzyMaliciousName: name, ImageLayer, Levels: levels, MaliciousMd5 } = input;
  return {
    ...(name !== undefined && { title: { of: 'rule', contains: name } }),
    // A text that is no digest names no layer.
    ...(ImageLayer !== undefined && { layers: [fullDigest(ImageLayer) ?? ImageLayer] }),
    ...(levels !== undefined && { levels }),
    ...(MaliciousMd5 !== undefined && { md5: [MaliciousMd5.toLowerCase()] }),
  };
}
