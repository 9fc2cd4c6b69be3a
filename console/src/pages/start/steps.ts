/** The steps in their order. */
export const steps = ['connect', 'choose', 'scan', 'result'] as const;
export type Step = (typeof steps)[number];

/** The step that can be shown: without a registry only the first. */
export function stepOf(asked: string, registry: string): Step {
  if (!/^\d+$/.test(registry)) return 'connect';
  return steps.find((step) => step === asked) ?? 'connect';
}
