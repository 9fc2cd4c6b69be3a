import type { Diagnostic } from '../../../kernel/index.ts';
import type { VexAssertion } from '../contract.ts';
import { DecisionError } from '../errors.ts';
import { decisionLimits } from '../limits.ts';

/** A statement as its document has it: a status of null is none that VEX knows. */
export type RawStatement = Omit<VexAssertion, 'status'> & { readonly status: VexAssertion['status'] | null };

const told = 100;

/** Collects the usable statements of one document, and says why others are not. */
export class VexReading {
  readonly statements: VexAssertion[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly #name: string;
  #refused = 0;

  /** @param name of the document, for diagnostics. */
  constructor(name: string) {
    this.#name = name;
  }

  /** @throws DecisionError `vex_invalid` beyond the limits */
  add(where: string, statement: RawStatement): void {
    const { status, vulnerabilities, products, justification, text } = statement;
    if (this.statements.length >= decisionLimits.statements || products.length > decisionLimits.products) {
      const hint = 'Split the document.';
      throw new DecisionError('vex_invalid', `${this.#name} holds too many statements or products`, { hint });
    }
    const unexplained = status === 'not_affected' && justification === null && text === null;
    if (status === null) this.#refuse(where, 'its status is none of VEX');
    else if (vulnerabilities.length === 0) this.#refuse(where, 'it names no vulnerability');
    else if (products.length === 0) this.#refuse(where, 'it names no product');
    else if (unexplained) this.#refuse(where, '`not_affected` needs a justification or an impact statement');
    else this.statements.push({ ...statement, status });
  }

  #refuse(where: string, why: string): void {
    if (++this.#refused > told) return;
    this.diagnostics.push({ code: 'vex_statement_ignored', message: `${this.#name}: ${where} is not applied: ${why}` });
  }
}
