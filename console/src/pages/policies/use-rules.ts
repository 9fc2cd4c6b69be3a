import { useQuery } from '@tanstack/react-query';

/** Kinds of rules that can be selected. */
export type RuleKind = 'baseline' | 'sensitive' | 'instruction';

/** A check or rule that scans can use, in both languages. */
export interface KnownRule {
  readonly key: string;
  readonly id: string;
  readonly level: string;
  readonly group: { readonly en: string; readonly zh: string };
  readonly title: { readonly en: string; readonly zh: string };
  /** Strategies that come along and ask it; of the baseline only. */
  readonly askedBy?: readonly string[];
}

const load: Readonly<Record<RuleKind, () => Promise<{ readonly default: readonly KnownRule[] }>>> = {
  baseline: () => import('../../data/baseline-rules.json'),
  sensitive: () => import('../../data/sensitive-rules.json'),
  instruction: () => import('../../data/instruction-rules.json'),
};

const none: readonly KnownRule[] = [];

/** The rules of a kind; empty until they are there. */
export function useRules(kind: RuleKind): readonly KnownRule[] {
  const { data } = useQuery({
    queryKey: ['rules', kind],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => (await load[kind]()).default,
  });
  return data ?? none;
}
