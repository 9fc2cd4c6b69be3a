import type { BaselineStrategy } from '../contract/index.ts';

/** A strategy as it is stored. */
export interface ChosenStrategy {
  readonly id: number;
  readonly name: string;
  readonly type: BaselineStrategy['type'];
  /** Of the type `own` only. */
  readonly items: readonly string[];
  readonly keepDays: number;
}

/** Strategies, and the one that scans use. */
export interface StrategyBook {
  readonly list: readonly ChosenStrategy[];
  readonly active: number;
}

/** Selected rules, and those that there were when they were selected. */
export interface ChosenRules {
  readonly selected: readonly string[];
  readonly known: readonly string[];
  readonly enableNew: boolean;
}

const untouched: StrategyBook = {
  list: [{ id: 1, name: 'default', type: 'default', items: [], keepDays: 0 }],
  active: 1,
};

/** The strategies of a stored document; the built-in one where there is none. */
export function readStrategies(doc: unknown): StrategyBook {
  return (doc as StrategyBook | null) ?? untouched;
}

/** The selection of a stored document; null where nothing was selected. */
export function readRules(doc: unknown): ChosenRules | null {
  return doc as ChosenRules | null;
}

/** Whether a switch is on; it is until somebody turns it off. */
export function readSwitch(doc: unknown): boolean {
  return (doc as { readonly on: boolean } | null)?.on ?? true;
}
