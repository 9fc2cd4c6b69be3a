import { accessChecks } from './access/index.ts';
import { accessKeyChecks } from './access-keys/index.ts';
import { accountChecks } from './accounts/index.ts';
import type { Check, CheckSet } from './contract.ts';
import { fileChecks } from './files/index.ts';
import { imageConfigChecks } from './image-config/index.ts';
import { packageChecks } from './packages/index.ts';
import { serviceChecks } from './services/index.ts';

/** Every check, by groups in the order of risks.md §2. Plugged in here and nowhere else. */
export const checkSets: readonly CheckSet[] = [
  imageConfigChecks,
  accountChecks,
  fileChecks,
  accessChecks,
  serviceChecks,
  packageChecks,
  accessKeyChecks,
];

const byId = new Map(checkSets.flatMap((set) => set.checks.map((check) => [check.id, check])));

/** A check by its id; undefined for one that the catalogue does not have (any more). */
export function checkById(id: string): Check | undefined {
  return byId.get(id);
}

/** Every check, in the order of the catalogue. */
export const allChecks: readonly Check[] = [...byId.values()];
