import type { FixPlan } from '../../ecosystems/index.ts';

/** A plan as it is shown before anything is built: one entry per platform. */
export interface FixPlanView {
  readonly schemaVersion: 1;
  readonly source: { readonly reference: string; readonly digest: string; readonly platform: string };
  /** The reference that the result would get. */
  readonly target: string;
  /** Vulnerability ids after expanding the selection. */
  readonly requested: readonly string[];
  readonly plan: FixPlan;
}

/** How a fix report or a plan is shown. */
export interface FixOutputOptions {
  /** Columns of the terminal; default 100. */
  readonly width?: number | undefined;
  readonly color?: boolean | undefined;
}
