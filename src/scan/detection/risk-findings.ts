import {
  aboutSensitive,
  type BaselineResult,
  checkById,
  type MaliciousFile,
  maskSecrets,
  type SensitiveFile,
} from '../../detectors/index.ts';
import type {
  BaselineFinding,
  MaliciousFinding,
  RiskFinding,
  ScanReport,
  SensitiveFinding,
} from '../../findings/index.ts';
import { compareText } from '../../kernel/index.ts';
import type { Detected } from './detect.ts';

/** The findings of detectors in the order of reports: by kind, id and path. */
export function toRiskFindings({ baseline, malicious = [], sensitive = [] }: Detected): readonly RiskFinding[] {
  return [
    ...(baseline?.failed ?? []).map(toBaseline).sort(byId),
    ...malicious.map(toMalicious).sort(byId),
    ...sensitive.map(toSensitive).sort(byId),
  ];
}

/** How the checks ended that did not fail. */
export function toChecks({ baseline }: Pick<Detected, 'baseline'>): ScanReport['checks'] {
  return {
    passed: [...(baseline?.passed ?? [])].sort(),
    notApplicable: (baseline?.notApplicable ?? []).map(({ check, why }) => ({ id: check, why })).sort(byId),
    unknown: (baseline?.unknown ?? []).map(({ check, code, why }) => ({ id: check, code, why })).sort(byId),
    disabled: [...(baseline?.disabled ?? [])].sort(),
  };
}

/** The image with instructions that show no secret (risks.md §4.5). */
export function maskInstructions(image: ScanReport['image']): ScanReport['image'] {
  const layers = image.layers.map((layer) => {
    return layer.createdBy === null ? layer : { ...layer, createdBy: maskSecrets(layer.createdBy) };
  });
  return { ...image, layers };
}

function toBaseline(failed: BaselineResult['failed'][number]): BaselineFinding {
  const check = checkById(failed.check);
  return {
    kind: 'baseline',
    id: failed.check,
    axis: check?.axis ?? 'baseline',
    title: check?.title.en ?? failed.check,
    ...{ class: check?.classKey ?? '', name: check?.nameKey ?? '', item: failed.item ?? check?.item ?? failed.check },
    ...{ level: failed.level, basis: failed.basis ?? null, evidence: failed.evidence, total: failed.total },
    description: check?.description.en ?? '',
    advice: check?.advice.en ?? '',
    ...{ inBase: failed.inBase, ignored: null },
  };
}

function toMalicious(file: MaliciousFile): MaliciousFinding {
  const { heuristic, key, level, title, family, path, member, present, md5, sha256, size, engines, rule } = file;
  return {
    ...{ kind: 'malicious', id: heuristic, key, level, title, family, path, member },
    layer: file.layer ?? '',
    ...{ present, md5, sha256, size, engine: engines[0] ?? 'drydock', rule, ruleNumber: file.ruleNumber },
    ...{ matches: file.matches, excerpt: file.excerpt, package: null, owner: file.owner },
    ...{ uncounted: file.uncounted ?? null, inBase: file.inBase, ignored: null },
  };
}

function toSensitive(file: SensitiveFile): SensitiveFinding {
  const about = aboutSensitive(file.rule);
  const { rule, level, path, layer, present, line, offset, length, excerpt, md5, secretId, total, inBase } = file;
  return {
    ...{ kind: 'sensitive', id: rule, class: file.class, title: about?.title.en ?? rule, level, path, layer, present },
    ...{ line, offset, length, excerpt, md5, secretId, total },
    description: about?.description.en ?? '',
    advice: about?.advice.en ?? '',
    ...{ inBase, ignored: null },
  };
}

/** By code units, so that no locale changes a report; checks have no path of their own. */
function byId(
  a: { readonly id: string; readonly path?: string; readonly layer?: string | null; readonly rule?: string },
  b: typeof a,
): number {
  return (
    compareText(a.id, b.id) ||
    compareText(a.path ?? '', b.path ?? '') ||
    compareText(a.layer ?? '', b.layer ?? '') ||
    compareText(a.rule ?? '', b.rule ?? '')
  );
}
