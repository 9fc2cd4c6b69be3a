import { keepPreviousData } from '@tanstack/react-query';
import { useMemo } from 'react';
import { $api, type Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';

type Scope = Schema<'DecisionScope'>;

/** Names of what the scopes of decisions point at. */
export interface ScopeNames {
  project(id: number): string;
  registry(id: number): string;
  image(uuid: string): string;
}

/** Images of one scope that are named; of more the number is told. */
export const namedImages = 2;
/** Uuids in one address. */
const mostUuids = 200;

/** Looks up what these scopes point at, all of them at once. */
export function useScopeNames(scopes: readonly Scope[]): ScopeNames {
  const { may } = useSession();
  const uuids = useMemo(() => {
    const own = scopes.flatMap((scope) => (scope.kind === 'images' ? scope.uuids.slice(0, namedImages) : []));
    return [...new Set(own)].slice(0, mostUuids);
  }, [scopes]);
  const needsRegistries = scopes.some(({ kind }) => kind === 'registries');
  const projects = $api.useQuery('get', '/api/v1/projects', {}, { enabled: may('drydock:project:read') });
  const registries = $api.useQuery(
    'get',
    '/api/v1/registries',
    { params: { query: { limit: '500' } } },
    { enabled: needsRegistries && may('drydock:registry:read') },
  );
  const images = $api.useQuery(
    'get',
    '/api/v1/images',
    { params: { query: { q: `uuid:${uuids.join(',')}`, limit: String(mostUuids) } } },
    { enabled: uuids.length > 0 && may('drydock:image:read'), placeholderData: keepPreviousData },
  );
  return useMemo(() => {
    const projectNames = new Map((projects.data?.items ?? []).map(({ id, name }) => [id, name]));
    const registryNames = new Map((registries.data?.items ?? []).map(({ id, name }) => [id, name]));
    const imageNames = new Map(
      (images.data?.items ?? []).map(({ uuid, repository, tag }) => [
        uuid,
        tag === null ? repository : `${repository}:${tag}`,
      ]),
    );
    return {
      project: (id) => projectNames.get(id) ?? `#${id}`,
      registry: (id) => registryNames.get(id) ?? `#${id}`,
      image: (uuid) => imageNames.get(uuid) ?? uuid.slice(0, 12),
    };
  }, [projects.data, registries.data, images.data]);
}
