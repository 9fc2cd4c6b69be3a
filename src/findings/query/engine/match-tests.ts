import type { FieldTest } from '../contract.ts';
import type { Pacer } from '../estate/pacer.ts';
import {
  groupOf,
  type MatchPart,
  priorityNames,
  severityNames,
  slotsNamed,
  stateFixed,
  stateNames,
  vulnerabilitiesOfKey,
} from '../estate/parts.ts';
import type { EstatePackage, EstateVulnerability } from '../ports.ts';
import { numberTest, textTest } from './image-tests.ts';

/** One byte per match: 1 = passes. */
export type Mask = Uint8Array;

/**
 * Works out which matches pass a test of a field of vulnerability, package or match; null for other fields. A test is asked
 * once per vulnerability, package or value, never once per finding.
 */
export async function matchMask(test: FieldTest, matches: MatchPart, pacer: Pacer): Promise<Mask | null> {
  const direct = remembered(test, matches);
  if (direct !== null) return direct;
  const vulnerability = vulnerabilityTest(test, matches);
  if (vulnerability !== null) {
    const verdicts = new Uint8Array(matches.vulnerabilities.length);
    for (const [slot, facts] of matches.vulnerabilities.entries()) {
      if (vulnerability(facts, slot)) verdicts[slot] = 1;
      if ((slot & 1023) === 0 && pacer.due()) await pacer.rest();
    }
    return spread(matches, verdicts, matches.vulnerability);
  }
  const pkg = packageTest(test);
  if (pkg === null) return test.field === 'vuln.key' ? keyMask(test, matches, pacer) : null;
  const verdicts = new Uint8Array(matches.packageCount);
  for (let slot = 0; slot < matches.packageCount; slot++) {
    if (pkg(matches.packages[slot] as EstatePackage)) verdicts[slot] = 1;
    if ((slot & 1023) === 0 && pacer.due()) await pacer.rest();
  }
  return spread(matches, verdicts, matches.package);
}

/** Masks of fields with few values are asked for by nearly every list; so many are kept. */
const keptMasks = 32;
const kept = new WeakMap<MatchPart, Map<string, Mask>>();
const numbers = new WeakMap<Mask, number>();
let numbered = 0;

/** Equal for the same mask and no other; undefined for masks that are not kept. */
export function maskNumber(mask: Mask): number | undefined {
  return numbers.get(mask);
}

function remembered(test: FieldTest, matches: MatchPart): Mask | null {
  if (!valueFields.has(test.field)) return null;
  const own = kept.get(matches) ?? new Map<string, Mask>();
  kept.set(matches, own);
  const name = JSON.stringify(test);
  const known = own.get(name);
  if (known !== undefined) return known;
  const mask = byValue(test, matches);
  if (mask === null) return null;
  numbers.set(mask, ++numbered);
  for (const oldest of own.keys()) if (own.size >= keptMasks) own.delete(oldest);
  own.set(name, mask);
  return mask;
}

function spread(matches: MatchPart, verdicts: Uint8Array, column: Int32Array): Mask {
  const mask = new Uint8Array(matches.count);
  for (let match = 0; match < matches.count; match++) mask[match] = verdicts[column[match] as number] as number;
  return mask;
}

const valueFields: ReadonlySet<string> = new Set(['severity', 'priority', 'state', 'kind', 'fixable']);

/** Fields that are a small number per match. */
function byValue(test: FieldTest, matches: MatchPart): Mask | null {
  const named = (names: readonly string[], column: Uint8Array): Mask => {
    const passes = textTest(test.op as 'in', 'values' in test ? (test.values as readonly string[]) : []);
    const verdicts = Uint8Array.from(names, (name) => (passes(name) ? 1 : 0));
    const mask = new Uint8Array(matches.count);
    for (let match = 0; match < matches.count; match++) mask[match] = verdicts[column[match] as number] as number;
    return mask;
  };
  switch (test.field) {
    case 'severity':
      return named(severityNames, matches.severity);
    case 'priority':
      return named(priorityNames, matches.priority);
    case 'state':
      return named(stateNames, matches.state);
    case 'kind':
      return named(['sca', 'cve'], matches.isCve);
    case 'fixable': {
      const wanted = test.op === 'is' && test.value;
      return matches.state.subarray(0, matches.count).map((state) => ((state === stateFixed) === wanted ? 1 : 0));
    }
    default:
      return null;
  }
}

function vulnerabilityTest(
  test: FieldTest,
  matches: MatchPart,
): ((facts: EstateVulnerability, slot: number) => boolean) | null {
  switch (test.field) {
    case 'vuln.id': {
      if (test.op === 'in') {
        const slots = new Set((test.values as readonly string[]).flatMap((name) => slotsNamed(matches, name)));
        return (_, slot) => slots.has(slot);
      }
      const passes = textTest(test.op as 'prefix', (test as { values: readonly string[] }).values);
      return ({ name, aliases }) => passes(name) || aliases.some(passes);
    }
    case 'vuln.title': {
      const passes = textTest(test.op as 'in', (test as { values: readonly string[] }).values);
      return ({ title }) => passes(title);
    }
    case 'vuln.kev':
      return ({ kev }) => test.op === 'is' && kev === test.value;
    case 'vuln.cvss': {
      const passes = numberTest(test.op as 'ge', (test as { values: readonly number[] }).values);
      return ({ cvssMilli }) => passes(cvssMilli === null ? null : cvssMilli / 1000);
    }
    case 'vuln.epss': {
      const passes = numberTest(test.op as 'ge', (test as { values: readonly number[] }).values);
      return ({ epssPpm }) => passes(epssPpm === null ? null : epssPpm / 1e6);
    }
    default:
      return null;
  }
}

function packageTest(test: FieldTest): ((facts: EstatePackage) => boolean) | null {
  if (test.field !== 'package.name' && test.field !== 'package.type' && test.field !== 'package.version') return null;
  const passes = textTest(test.op as 'in', (test as { values: readonly string[] }).values);
  if (test.field === 'package.name') return ({ name, sourceName }) => passes(name) || passes(sourceName);
  return test.field === 'package.type' ? ({ type }) => passes(type) : ({ version }) => passes(version);
}

async function keyMask(test: FieldTest, matches: MatchPart, pacer: Pacer): Promise<Mask> {
  const { op, values } = test as { op: 'in' | 'prefix' | 'contains'; values: readonly string[] };
  const mask = new Uint8Array(matches.count);
  if (op === 'in') {
    const wanted = new Map<number, Set<string>>();
    for (const value of values) {
      const { group, slots } = vulnerabilitiesOfKey(matches, value);
      for (const slot of slots) wanted.set(slot, (wanted.get(slot) ?? new Set()).add(group));
    }
    for (let match = 0; match < matches.count; match++) {
      const groups = wanted.get(matches.vulnerability[match] as number);
      if (groups?.has(groupOf(matches, match))) mask[match] = 1;
    }
    return mask;
  }
  const passes = textTest(op, values);
  for (let match = 0; match < matches.count; match++) {
    const name = matches.vulnerabilities[matches.vulnerability[match] as number]?.name;
    if (passes(`${groupOf(matches, match)}:${name}`)) mask[match] = 1;
    if ((match & 1023) === 0 && pacer.due()) await pacer.rest();
  }
  return mask;
}
