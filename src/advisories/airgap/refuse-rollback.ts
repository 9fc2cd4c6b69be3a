import { AdvisoryError } from '../errors.ts';
import type { CurrentSnapshots } from '../index/data-directory.ts';

/** An older bundle than what is active may bring back what was withdrawn. @throws AdvisoryError `bundle_rollback` */
export function refuseRollback(
  header: { readonly sequence: number; readonly createdAt: string },
  current: CurrentSnapshots | undefined,
): void {
  if (current === undefined) return;
  const { sequence, createdAt } = current.active;
  if (header.sequence > sequence && Date.parse(header.createdAt) >= Date.parse(createdAt)) return;
  const message = `the bundle of ${header.createdAt} is older than the active data of ${createdAt}`;
  const hint = 'Import a newer bundle; --allow-rollback accepts this one.';
  throw new AdvisoryError('bundle_rollback', message, { hint });
}
