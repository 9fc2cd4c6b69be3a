/** A rule on vulnerabilities while it is written; numbers are texts. */
export interface VulnerabilityRule {
  readonly key: number;
  readonly severity: 'critical' | 'high' | 'medium' | 'low' | 'negligible' | 'unknown';
  readonly kinds: 'both' | 'cve' | 'sca';
  readonly fixable: boolean;
  readonly kev: boolean;
  readonly max: string;
}

/** A rule on secrets or on the baseline; `off` = none. */
export interface RiskRule {
  readonly severity: 'off' | 'high' | 'medium' | 'low';
  readonly max: string;
  readonly except: readonly string[];
}

/** A policy of a gate while it is written. */
export interface GateDraft {
  readonly name: string;
  readonly vulnerabilities: readonly VulnerabilityRule[];
  readonly malicious: 'deny' | 'allow';
  readonly sensitive: RiskRule;
  readonly baseline: RiskRule;
  readonly endOfLife: 'deny' | 'allow';
  readonly scan: 'complete' | 'any';
  readonly maxAgeDays: string;
  readonly packages: readonly { readonly key: number; readonly purl: string; readonly reason: string }[];
  readonly allow: readonly {
    readonly key: number;
    readonly id: string;
    readonly package: string;
    readonly reason: string;
    /** `YYYY-MM-DD`; empty = never. */
    readonly until: string;
  }[];
}

let keys = 0;
/** A name for an element of a list that is not finished. */
export function nextKey(): number {
  return ++keys;
}

const noRisk: RiskRule = { severity: 'off', max: '', except: [] };

/** What a policy begins with: nothing critical, nothing high that has a fix, nothing known to be exploited. */
export function firstDraft(): GateDraft {
  const rule = { kinds: 'both' as const, fixable: false, kev: false, max: '' };
  return {
    name: 'production',
    vulnerabilities: [
      { ...rule, key: nextKey(), severity: 'critical' },
      { ...rule, key: nextKey(), severity: 'high', fixable: true },
      { ...rule, key: nextKey(), severity: 'unknown', kev: true },
    ],
    ...{ malicious: 'deny', sensitive: noRisk, baseline: noRisk, endOfLife: 'deny', scan: 'complete' },
    ...{ maxAgeDays: '3', packages: [], allow: [] },
  };
}

/** The document of a draft, as docs/api/policy.schema.json describes it; defaults are left out. */
export function documentOf(draft: GateDraft): Readonly<Record<string, unknown>> {
  const risk = ({ severity, max, except }: RiskRule) => ({
    severity,
    ...number('max', max),
    ...(except.length === 0 ? {} : { except: [...except] }),
  });
  return {
    version: 1,
    ...(draft.name.trim() === '' ? {} : { name: draft.name.trim() }),
    ...(draft.vulnerabilities.length === 0
      ? {}
      : {
          vulnerabilities: draft.vulnerabilities.map(({ severity, kinds, fixable, kev, max }) => ({
            severity,
            ...(kinds === 'both' ? {} : { kinds: [kinds] }),
            ...(fixable ? { fixable } : {}),
            ...(kev ? { kev } : {}),
            ...number('max', max),
          })),
        }),
    malicious: draft.malicious,
    ...(draft.sensitive.severity === 'off' ? {} : { sensitive: risk(draft.sensitive) }),
    ...(draft.baseline.severity === 'off' ? {} : { baseline: risk(draft.baseline) }),
    ...{ endOfLife: draft.endOfLife, scan: draft.scan },
    ...(draft.maxAgeDays.trim() === '' ? {} : { advisories: { maxAgeDays: Number(draft.maxAgeDays) } }),
    ...(draft.packages.length === 0
      ? {}
      : {
          packages: {
            deny: draft.packages.map(({ purl, reason }) => ({ purl: purl.trim(), ...text('reason', reason) })),
          },
        }),
    ...(draft.allow.length === 0
      ? {}
      : {
          allow: draft.allow.map((one) => ({
            id: one.id.trim(),
            ...text('package', one.package),
            ...{ reason: one.reason.trim(), until: one.until === '' ? 'never' : one.until },
          })),
        }),
  };
}

function text(name: string, value: string): object {
  return value.trim() === '' ? {} : { [name]: value.trim() };
}

function number(name: string, value: string): object {
  return value.trim() === '' ? {} : { [name]: Number(value) };
}

/** What the command would refuse: which mistake, and in which element (counted from 1) or rule. */
export interface GateProblem {
  readonly code: 'max' | 'purl' | 'id' | 'reason' | 'package' | 'days' | 'risk';
  readonly number?: number;
  readonly rule?: 'sensitive' | 'baseline';
}

const whole = /^\d{1,15}$/;

/** Mistakes of a draft; a document without any is a policy. */
export function problemsOf(draft: GateDraft): readonly GateProblem[] {
  const isCount = (value: string): boolean => value.trim() === '' || whole.test(value.trim());
  const days = draft.maxAgeDays.trim();
  return [
    ...draft.vulnerabilities.flatMap(({ max }, index) =>
      isCount(max) ? [] : [{ code: 'max' as const, number: index + 1 }],
    ),
    ...(['sensitive', 'baseline'] as const).flatMap((rule) =>
      draft[rule].severity === 'off' || isCount(draft[rule].max) ? [] : [{ code: 'risk' as const, rule }],
    ),
    ...(days === '' || (whole.test(days) && Number(days) <= 36_500) ? [] : [{ code: 'days' as const }]),
    ...draft.packages.flatMap(({ purl }, index) =>
      purl.trim().startsWith('pkg:') ? [] : [{ code: 'purl' as const, number: index + 1 }],
    ),
    ...draft.allow.flatMap((one, index) => [
      ...(one.id.trim() === '' ? [{ code: 'id' as const, number: index + 1 }] : []),
      ...(one.reason.trim() === '' ? [{ code: 'reason' as const, number: index + 1 }] : []),
      ...(one.package.trim() === '' || one.package.trim().startsWith('pkg:')
        ? []
        : [{ code: 'package' as const, number: index + 1 }]),
    ]),
  ];
}
