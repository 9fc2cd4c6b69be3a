import { ServiceError } from '../../../service/index.ts';
import { invalid } from '../errors.ts';

/**
 * Runs a use case whose refusals are the fault of one parameter. `byField` names the parameter for fields of the use case;
 * what the service says is never repeated, since it may tell what the caller must not know.
 */
export async function refusing<T>(
  parameter: string,
  run: Promise<T>,
  byField: Readonly<Record<string, string>> = {},
): Promise<T> {
  try {
    return await run;
  } catch (error) {
    const mine = ['invalid_order', 'invalid_field', 'not_found', 'conflict', 'name_taken', 'address_denied', 'expired'];
    if (!(error instanceof ServiceError) || !mine.includes(error.code)) throw error;
    throw invalid((error.field === undefined ? undefined : byField[error.field]) ?? parameter);
  }
}
