import type { RiskKind } from '../../../service/index.ts';
import type { ActionContext } from '../action.ts';
import { missing } from '../errors.ts';
import { refusing } from './refusing.ts';
import { acceptanceStatus, statusToSet } from './risks.ts';
import { decisionSource } from './whitelist.ts';

/** A change as requests write it; `field` is the parameter that names the rule. */
export interface StatusRequest {
  readonly kind: RiskKind;
  readonly rules: readonly string[];
  readonly ids?: readonly number[] | undefined;
  readonly uuids?: readonly string[] | undefined;
  readonly status: number | undefined;
  readonly field: string;
}

/** Decides on hits by rule, by id, or both. @throws RpcError when neither is given, or nothing is decided */
export async function changeStatus(
  { kind, rules, ids = [], uuids, status, field }: StatusRequest,
  { services, call }: Pick<ActionContext, 'services' | 'call'>,
): Promise<readonly number[]> {
  if (status === undefined) throw missing('Status');
  // Without either, everything would be decided upon at once.
  if (rules.length === 0 && ids.length === 0) throw missing(field);
  return refusing(
    field,
    services.risks.setStatus(call, {
      kind,
      status: statusToSet(acceptanceStatus, status),
      rules,
      ...(ids.length > 0 && { ids }),
      ...(uuids !== undefined && { uuids }),
      reason: '',
      source: decisionSource,
    }),
    { rules: field, uuids: 'ImageUuids', ids: 'IdList' },
  );
}
