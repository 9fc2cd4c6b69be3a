import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { useChange } from '../../components/feedback/use-change.ts';
import { abilityNames } from './ability-matrix.tsx';

/** Connects to a registry now, and tells what works. */
export function useRegistryTest(id: number, quiet = false) {
  const { t } = useTranslation('registries');
  return useChange<void, Schema<'RegistryAbilities'> | undefined>({
    run: async () =>
      (await api.POST('/api/v1/registries/{id}/test', { params: { path: { id: String(id) } }, body: {} })).data,
    touches: ['/api/v1/registries'],
    quiet,
    done: (abilities) => {
      if (quiet || abilities === undefined) return undefined;
      return {
        text: t('matrix.done', { count: abilityNames.filter((name) => abilities[name].state === 'yes').length }),
      };
    },
  });
}
