import type { ScanReport } from '../findings/index.ts';
import { composeReport, type RiskParts } from './compose-report.ts';
import type { Detected } from './detection/detect.ts';
import { type ExamineInput, examineImage } from './examine-image.ts';
import type { AnalysedLayer } from './layers.ts';

/** Everything that a scan needs from outside. */
export interface ScanInput extends ExamineInput {
  /** Version of Drydock, for the report. */
  readonly toolVersion: string;
}

/**
 * Scans one image. The report is a pure function of the image's content, the advisory snapshot, the rules of the detectors
 * and the clock.
 * @throws DigestError when content is not what its digest says; what the image source fails with; the signal's reason
 */
export async function scanImage(input: ScanInput): Promise<ScanReport> {
  const { clock, index, ecosystems, include = ['installed'], vulnerabilities = true, toolVersion } = input;
  const startedAt = clock.now();
  const { described, layers, ...examined } = await examineImage(input);
  const risks = examined.detected.asked.length === 0 ? undefined : await describeRisks(examined.detected, described);
  return composeReport({
    ...{
      ...examined,
      image: risks?.image ?? described,
      ...(risks && { risks }),
      effort: effort(layers),
      startedAt,
      now: clock.now(),
    },
    ...{ include, index, ecosystems, vulnerabilities, toolVersion },
  });
}

/** The findings of detectors; instructions lose their secrets on the way into the report. */
async function describeRisks(
  detected: Detected,
  image: ScanReport['image'],
): Promise<RiskParts & Pick<ScanReport, 'image'>> {
  const { maskInstructions, toChecks, toRiskFindings } = await import('./detection/risk-findings.ts');
  const checks = toChecks(detected);
  return { findings: toRiskFindings(detected), checks, image: maskInstructions(image) };
}

/** What the scan had to read. */
function effort(
  layers: readonly AnalysedLayer[],
): Pick<ScanReport['scan'], 'layersRead' | 'layersCached' | 'bytesRead'> {
  const count = (effort: AnalysedLayer['effort']): number => layers.filter((layer) => layer.effort === effort).length;
  return {
    layersRead: count('read'),
    layersCached: count('known'),
    bytesRead: layers.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
  };
}
