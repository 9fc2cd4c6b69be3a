import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { permissionsOf, useDescription } from '../../api/description.ts';

/** Actions that policies can name, by the API they belong to. */
export interface KnownActions {
  readonly native: readonly string[];
  readonly alibaba: readonly string[];
  readonly huawei: readonly string[];
}

const none: KnownActions = { native: [], alibaba: [], huawei: [] };

/** Every action that the server checks: from its description and from the lists of both dialects. */
export function useKnownActions(): KnownActions {
  const description = useDescription();
  const dialects = useQuery({
    queryKey: ['dialect-actions'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const [alibaba, huawei] = await Promise.all([
        import('../../data/alibaba-actions.json'),
        import('../../data/huawei-routes.json'),
      ]);
      return {
        alibaba: alibaba.default.map(({ name }) => `yundun-sas:${name}`).sort(),
        huawei: [...new Set(huawei.default.map(({ action }) => action))].sort(),
      };
    },
  });
  return useMemo(
    () => ({
      ...none,
      ...dialects.data,
      ...(description.data === undefined ? {} : { native: permissionsOf(description.data) }),
    }),
    [description.data, dialects.data],
  );
}
