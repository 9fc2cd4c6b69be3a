import { diversionRecords } from '../../info-lines.ts';
import { linesOf, toLayerPath } from './path-text.ts';

/** Where dpkg puts a file that another package or the administrator has diverted. */
export interface Diversion {
  readonly to: string;
  /** Package that keeps the original name; undefined for a local diversion, which nobody keeps. */
  readonly by: string | undefined;
}

/** Reads `var/lib/dpkg/diversions`: three lines each (name, new name, package or `:`). Keys are paths as in layers. */
export function readDiversions(bytes: Uint8Array | undefined): ReadonlyMap<string, Diversion> {
  const diversions = new Map<string, Diversion>();
  for (const [from, to, by] of diversionRecords(linesOf(bytes))) {
    diversions.set(toLayerPath(from), { to: toLayerPath(to), by: by === ':' ? undefined : by });
  }
  return diversions;
}
