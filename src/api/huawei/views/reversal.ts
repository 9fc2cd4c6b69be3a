import type { DecisionRule } from '../../../service/index.ts';
import type { HandlingPart } from '../input/handling.ts';

/** What remains of a decision when a part of it is taken back: one entry for each rule that replaces it. */
export type Remainder = readonly HandlingPart[];

/** Whether a request may touch a decision at all. */
export function overlaps(rule: DecisionRule, part: HandlingPart): boolean {
  return (
    shares(vulnerabilitiesOf(rule), part.vulnerabilities, sameVulnerability) &&
    shares(imagesOf(rule), part.images, equal)
  );
}

/** Vulnerabilities of a decision; null = every one. */
export function vulnerabilitiesOf(rule: Pick<DecisionRule, 'vulnerabilities'>): readonly string[] | null {
  return rule.vulnerabilities.length === 0 ? null : rule.vulnerabilities;
}

/** Images of a decision; null = it is not limited to named images. */
export function imagesOf(rule: Pick<DecisionRule, 'scope'>): readonly string[] | null {
  return rule.scope.kind === 'images' ? rule.scope.uuids : null;
}

/**
 * A decision without a part: the images that keep all of its vulnerabilities, and the vulnerabilities that the other
 * images keep. `all` lists what an unlimited side stands for; null when the remainder cannot be listed.
 */
export function withoutPart(
  rule: HandlingPart,
  part: HandlingPart,
  all: { readonly images: readonly string[] | null; readonly vulnerabilities: readonly string[] | null },
): Remainder | null {
  const keptImages = difference(rule.images, part.images, all.images, equal);
  const keptVulnerabilities = difference(
    rule.vulnerabilities,
    part.vulnerabilities,
    all.vulnerabilities,
    sameVulnerability,
  );
  if (keptImages === null || keptVulnerabilities === null) return null;
  const common = intersection(rule.images, part.images);
  const remainder: HandlingPart[] = [];
  if (keptImages.length > 0) remainder.push({ images: keptImages, vulnerabilities: rule.vulnerabilities });
  if (keptVulnerabilities.length > 0) remainder.push({ images: common, vulnerabilities: keptVulnerabilities });
  return remainder;
}

type Same = (a: string, b: string) => boolean;

const equal: Same = (a, b) => a === b;

/** `CVE-…` names the vulnerability in every release, a key ends with it. */
const sameVulnerability: Same = (a, b) => a === b || a.endsWith(`:${b}`) || b.endsWith(`:${a}`);

function difference(
  own: readonly string[] | null,
  taken: readonly string[] | null,
  all: readonly string[] | null,
  same: Same,
): readonly string[] | null {
  if (taken === null) return [];
  const from = own ?? all;
  return from === null ? null : from.filter((entry) => !taken.some((other) => same(entry, other)));
}

function intersection(own: readonly string[] | null, taken: readonly string[] | null): readonly string[] | null {
  if (own === null) return taken;
  return taken === null ? own : own.filter((entry) => taken.includes(entry));
}

function shares(a: readonly string[] | null, b: readonly string[] | null, same: Same): boolean {
  return a === null || b === null || a.some((entry) => b.some((other) => same(entry, other)));
}
