import type { RiskLevel, Text } from '../contract.ts';

/** What people read about a rule for sensitive files. */
export interface SensitiveAbout {
  readonly class: string;
  readonly title: Text;
  readonly level: RiskLevel;
  readonly description: Text;
  readonly advice: Text;
}

/** The words for a rule; undefined for a key that no rule has (any more). */
export function aboutSensitive(_key: string): SensitiveAbout | undefined {
  return undefined;
}
