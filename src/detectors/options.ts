import type { BaselinePolicy } from './baseline/settings.ts';
import type { DetectorId } from './contract.ts';
import type { OutsideEngine, RuleSet } from './malware/contract.ts';

/** With what detectors are made. */
export interface DetectorOptions {
  readonly asked: ReadonlySet<DetectorId>;
  readonly policy: BaselinePolicy;
  /** Compiled rules of this installation. */
  readonly rules: () => Promise<RuleSet>;
  readonly engines: readonly OutsideEngine[];
  /** Key of the hash under which values of secrets are told apart; never leaves the installation. */
  readonly secretKey: Uint8Array;
  /** Keys of sensitive-file rules that are switched off, and those that are on though they are not by default. */
  readonly secrets: { readonly off: readonly string[]; readonly on: readonly string[] };
}
