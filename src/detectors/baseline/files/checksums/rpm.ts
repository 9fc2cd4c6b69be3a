import type { CheckContext } from '../../contract.ts';
import type { RecordedSum } from './recorded.ts';

/** Checksums of programs that rpm installed. */
export function* rpmSums(_context: CheckContext): Generator<RecordedSum> {}
