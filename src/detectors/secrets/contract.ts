import type { RiskLevel } from '../contract.ts';

/** A secret in a text that is no file: an instruction, a variable, a label. */
export interface TextSecret {
  /** Key of the rule. */
  readonly rule: string;
  readonly level: RiskLevel;
  /** Where the value is in the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}
