import type { AccessControl, Principal } from '../../../access/index.ts';
import type { ProjectScope } from '../../../service/index.ts';
import { RpcError } from '../errors.ts';

/** Product in front of every action name. */
export const actionPrefix = 'yundun-sas:';

/** The projects in which the caller may use an operation. @throws RpcError `NoPermission` with the reason */
export function authorize(access: AccessControl, principal: Principal, operation: string): ProjectScope {
  const authAction = `${actionPrefix}${operation}`;
  const decision = access.decide(principal, authAction);
  if (decision.allowed) return decision.projects;
  throw new RpcError(403, 'NoPermission', 'caller has no permission', {
    accessDenied: {
      PolicyType: 'AccountLevelIdentityBasedPolicy',
      AuthAction: authAction,
      NoPermissionType: decision.reason === 'explicit_deny' ? 'ExplicitDeny' : 'ImplicitDeny',
      AuthPrincipalType: principal.kind === 'session' ? 'AssumedRoleUser' : 'SubUser',
      AuthPrincipalOwnerId: String(access.account.number),
      AuthPrincipalDisplayName: principal.name,
      EncodedDiagnosticMessage: '',
    },
  });
}
