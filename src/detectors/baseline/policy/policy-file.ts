import type { RiskLevel } from '../../contract.ts';
import { checkSets } from '../catalogue.ts';
import type { Check } from '../contract.ts';
import { builtInPolicies } from '../policies.ts';
import type { BaselinePolicy } from '../settings.ts';
import { type Place, PolicyDocument } from './document.ts';
import { readLevel, readMapping, readSwitch, readText } from './fields.ts';
import { readSettings, settingsKeys } from './settings-fields.ts';

const ownKeys = ['version', 'name', 'extends', 'only', 'checks', 'levels'];

/**
 * Reads a policy for the baseline (YAML, or JSON, which is YAML): which checks are asked, at what level, with which
 * settings. A key or check that is not known refuses the file: a rule that is misspelt must not pass for one that holds.
 * @param name what the file is called in messages, and the policy where the file does not name it
 * @throws BaselinePolicyError naming the line and what is allowed there
 */
export function readPolicyFile(bytes: Uint8Array, name: string): BaselinePolicy {
  const document = new PolicyDocument(bytes, name);
  const given = readMapping(document, document.value, [], [...ownKeys, ...settingsKeys]);
  if (given.version !== undefined && given.version !== 1) {
    throw document.invalid(['version'], 'this program reads version 1');
  }
  const base = readBase(document, given.extends);
  const only = readOnly(document, given.only);
  const { switches, levels } = readChecks(document, given.checks);
  for (const [key, value] of Object.entries(readMapping(document, given.levels ?? {}, ['levels']))) {
    levels[knownCheck(document, key, ['levels', key]).id] = readLevel(document, value, ['levels', key]);
  }
  return {
    name: given.name === undefined ? name : readText(document, given.name, ['name']),
    settings: { ...readSettings(document, given), levels },
    asks(check) {
      const switched = switches.get(check.id);
      if (switched !== undefined) return switched;
      if (only !== undefined) return only.has(check.id);
      return base.asks({ ...check, level: levels[check.id] ?? check.level });
    },
  };
}

function readBase(document: PolicyDocument, value: unknown): BaselinePolicy {
  const base = builtInPolicies.find(({ name }) => name === (value ?? 'default'));
  if (base !== undefined) return base;
  throw document.invalid(
    ['extends'],
    `no such policy; there are ${builtInPolicies.map(({ name }) => name).join(', ')}`,
  );
}

/** Ids of the only checks that are asked; undefined when the file does not say. */
function readOnly(document: PolicyDocument, value: unknown): ReadonlySet<string> | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw document.invalid(['only'], 'write a list of checks');
  return new Set(value.map((item: unknown, index) => knownCheck(document, item, ['only', index]).id));
}

/** What a file says of single checks: `off`, `on`, or a mapping with `enabled` and `level`. */
function readChecks(
  document: PolicyDocument,
  value: unknown = {},
): { readonly switches: ReadonlyMap<string, boolean>; readonly levels: Record<string, RiskLevel> } {
  const switches = new Map<string, boolean>();
  const levels: Record<string, RiskLevel> = {};
  const seen = new Map<string, string>();
  for (const [key, entry] of Object.entries(readMapping(document, value, ['checks']))) {
    const place = ['checks', key];
    const { id } = knownCheck(document, key, place);
    if (seen.has(id)) throw document.invalid(place, `the same check as ${seen.get(id)}`);
    seen.set(id, key);
    if (entry === null || typeof entry !== 'object') switches.set(id, readSwitch(document, entry, place));
    else {
      const { enabled, level } = readMapping(document, entry, place, ['enabled', 'level']);
      if (enabled !== undefined) switches.set(id, readSwitch(document, enabled, [...place, 'enabled']));
      if (level !== undefined) levels[id] = readLevel(document, level, [...place, 'level']);
    }
  }
  return { switches, levels };
}

const checks: readonly Check[] = checkSets.flatMap((set) => set.checks);

/** Finds a check by id or item key. */
function knownCheck(document: PolicyDocument, key: unknown, place: Place): Check {
  const found = checks.find(({ id, item, otherItems = [] }) => [id, item, ...otherItems].some((name) => name === key));
  if (found !== undefined) return found;
  const groups = checkSets
    .filter((set) => set.checks.length > 0)
    .map((set) => `${set.checks[0]?.id} to ${set.checks.at(-1)?.id}`);
  throw document.invalid(place, `no such check; there are ${groups.join(', ')}, and their item keys`);
}
