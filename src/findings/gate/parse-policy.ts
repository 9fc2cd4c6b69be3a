import { messageOf } from '../../kernel/index.ts';
import type { Policy, RiskRule } from './contract.ts';
import { PolicyError } from './errors.ts';

/** Largest policy file. */
export const policyBytes = 4 * 1024 * 1024;

/**
 * Reads a policy file (YAML, or JSON, which is YAML). A key that is not known is an error: a rule that is misspelt must
 * not pass for one that holds.
 * @param name what the file is called in messages
 * @throws PolicyError naming the place and what is allowed there
 */
export async function parsePolicy(bytes: Uint8Array, name: string): Promise<Policy> {
  if (bytes.length > policyBytes) throw invalid(name, 'the top level', `larger than ${policyBytes} bytes`);
  const [{ parseYaml }, { policySchema }] = await Promise.all([
    import('../decisions/yaml.ts'),
    import('./policy-schema.ts'),
  ]);
  let value: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    value = parseYaml(text, name);
  } catch (cause) {
    // A hint for ignore files would lead astray.
    const why = messageOf(cause).replace(`${name}: `, '');
    throw new PolicyError('policy_invalid', `${name} is not YAML: ${why}`);
  }
  const result = policySchema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw invalid(name, placeOf(issue?.path ?? []), issue?.message ?? 'not valid');
  }
  const { data } = result;
  return {
    name: data.name ?? null,
    vulnerabilities: (data.vulnerabilities ?? []).map(({ severity, kinds, fixable, kev, max }) => ({
      severity,
      kinds: kinds ?? ['cve', 'sca'],
      fixable: fixable ?? false,
      kev: kev ?? false,
      max: max ?? 0,
    })),
    denyMalicious: data.malicious !== 'allow',
    sensitive: riskRule(data.sensitive),
    baseline: riskRule(data.baseline),
    denyEndOfLife: data.endOfLife === 'deny',
    requireComplete: data.scan !== 'any',
    maxAdvisoryAgeDays: data.advisories?.maxAgeDays ?? null,
    denyPackages: (data.packages?.deny ?? []).map(({ purl, reason }) => ({ purl, reason: reason ?? null })),
    allow: (data.allow ?? []).map(({ id, package: pkg, reason, until }) => ({
      id,
      package: pkg ?? null,
      reason,
      until: until === 'never' ? null : until,
    })),
  };
}

function riskRule(
  rule: { severity: RiskRule['severity']; max?: number | undefined; except?: string[] | undefined } | undefined,
): RiskRule | null {
  return rule === undefined ? null : { severity: rule.severity, max: rule.max ?? 0, except: rule.except ?? [] };
}

function invalid(name: string, where: string, why: string): PolicyError {
  return new PolicyError('policy_invalid', `${name}: ${where}: ${why}`, {
    hint: 'docs/howto/write-a-policy.md shows every rule.',
  });
}

/** `vulnerabilities[0].severity`. */
function placeOf(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text.replace(/^\./, '') || 'the top level';
}
