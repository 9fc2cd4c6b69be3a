import type { Rejection } from '../../../fix-contract.ts';
import { DebError } from '../../deb/errors.ts';
import { ApplyError } from './errors.ts';

/** A package that cannot take part. */
export function reject(name: string, outcome: Rejection['outcome'], detail: string): Rejection {
  return { package: name, outcome, detail };
}

/** What a refusal means for the plan. @throws the error itself when it is none */
export function rejectionOf(error: unknown, name: string): Rejection {
  if (error instanceof ApplyError) return reject(error.package ?? name, error.code, error.message);
  if (error instanceof DebError) return reject(name, 'unsupported', error.message);
  throw error;
}
