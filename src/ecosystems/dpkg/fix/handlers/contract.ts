import type { ApplyContext } from '../apply/context.ts';

/** A planned change as handlers of derived state see it, after de-duplication. */
export interface ChangeSet {
  readonly context: ApplyContext;
  /** Canonical paths of files and links that change content or go away; directories are not among them. */
  readonly changed: ReadonlySet<string>;
  /** Body of a small file as it will be: from a package that brings it, else from the image. */
  body(path: string): Uint8Array | undefined;
}

/** Brings one kind of derived state up to date in the draft. */
export interface DerivedHandler {
  readonly id: string;
  /** @throws ApplyError `needs_script` when the state would have to change in a way that is not reproduced. */
  run(change: ChangeSet): void;
}
