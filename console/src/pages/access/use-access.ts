import { useMemo } from 'react';
import { $api, type Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';

/** Where policies hold and what they are called: what every part of this page needs to know. */
export interface AccessFacts {
  readonly policies: readonly Schema<'Policy'>[];
  readonly projects: readonly Schema<'Project'>[];
  /** Name of a project by its number. */
  projectName(id: number): string;
}

/** Policies and projects, as far as the user may see them. */
export function useAccessFacts(): AccessFacts {
  const { mayEverywhere: may, may: anywhere } = useSession();
  const policies = $api.useQuery('get', '/api/v1/policies', {}, { enabled: may('drydock:policy:read') });
  const projects = $api.useQuery('get', '/api/v1/projects', {}, { enabled: anywhere('drydock:project:read') });
  return useMemo(() => {
    const known = projects.data?.items ?? [];
    return {
      policies: policies.data?.items ?? [],
      projects: known,
      projectName: (id) => known.find((project) => project.id === id)?.name ?? `#${id}`,
    };
  }, [policies.data, projects.data]);
}
