import type { RiskEvidence, RiskLevel } from '../../contract.ts';
import type { CheckOutcome } from '../contract.ts';
import { failIf, lower, pass, unknown, worst } from '../outcome.ts';

/** Collects what speaks against one service, by the grades of risks.md §2.1. */
export class Verdict {
  readonly #explicit: { evidence: RiskEvidence; level: RiskLevel }[] = [];
  readonly #defaults: { evidence: RiskEvidence; level: RiskLevel }[] = [];
  #runtime: string | undefined;
  #unread: string | undefined;
  readonly #level: RiskLevel;

  /** @param level what an insecure value is that somebody wrote */
  constructor(level: RiskLevel) {
    this.#level = level;
  }

  /** An insecure value is written. */
  bad(evidence: RiskEvidence, level: RiskLevel = this.#level): void {
    this.#explicit.push({ evidence, level });
  }

  /** Nothing is written, and what the product does then is insecure. */
  byDefault(evidence: RiskEvidence, level: RiskLevel = this.#level): void {
    this.#defaults.push({ evidence, level: lower(level) });
  }

  /** The value comes when the container starts. */
  atRuntime(what: string): void {
    this.#runtime ??= what;
  }

  /** A file could not be read. */
  unread(path: string): void {
    this.#unread ??= path;
  }

  /** What is written decides; then what cannot be known; then defaults. */
  outcome(): CheckOutcome {
    if (this.#explicit.length > 0) return this.#failed(this.#explicit);
    if (this.#unread !== undefined) {
      return unknown('unreadable', `${this.#unread} is over the limits or damaged: it was not read as a whole`);
    }
    if (this.#runtime !== undefined) return unknown('runtime', `${this.#runtime} is given when the container starts`);
    return this.#defaults.length > 0 ? this.#failed(this.#defaults, 'default') : pass;
  }

  #failed(list: readonly { evidence: RiskEvidence; level: RiskLevel }[], basis?: 'default'): CheckOutcome {
    const level = worst(list.map((each) => each.level)) ?? this.#level;
    return failIf(
      list.map((each) => each.evidence),
      { level, ...(basis && { basis }) },
    );
  }
}
