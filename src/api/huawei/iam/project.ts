import type { Account } from '../../../access/index.ts';

/**
 * The project as the identity service shows it. There is one, whatever region a client believes to be in: a client that
 * is set up by region alone looks it up by that name and needs exactly one answer.
 */
export function projectBody(account: Account, name: string | undefined, self: string): object {
  return {
    id: account.projectId,
    name: name ?? account.region,
    domain_id: account.domainId,
    parent_id: account.domainId,
    enabled: true,
    is_domain: false,
    description: '',
    links: { self },
  };
}
