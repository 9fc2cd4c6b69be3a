import type { ColumnTypes } from '../column-types.ts';

/** One step of the schema. Never changed after a release: a correction is a new migration. */
export interface Migration {
  /** 1, 2, 3 … without gaps. */
  readonly version: number;
  readonly name: string;
  /** Statements that both engines understand, run in one transaction. */
  statements(types: ColumnTypes): readonly string[];
}
