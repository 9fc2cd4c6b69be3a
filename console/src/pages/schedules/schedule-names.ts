import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { $api, type Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';

type Schedule = Schema<'Schedule'>;

const syncName = /^sync:(\d+)$/;
const most = '500';

/** The registry that a schedule reads; null when it does something else. */
export function registryOf({ name }: Pick<Schedule, 'name'>): string | null {
  return syncName.exec(name)?.[1] ?? null;
}

/** What a schedule does: in a few words, and in a sentence. */
export function useScheduleNames(): {
  readonly title: (schedule: Schedule) => string;
  readonly what: (schedule: Schedule) => string;
} {
  const { t } = useTranslation('schedules');
  const { may } = useSession();
  const registries = $api.useQuery(
    'get',
    '/api/v1/registries',
    { params: { query: { limit: most } } },
    { enabled: may('drydock:registry:read') },
  );
  const { data } = registries;
  const title = useCallback(
    (schedule: Schedule): string => {
      const id = registryOf(schedule);
      if (id !== null) {
        const known = data?.items.find((registry) => String(registry.id) === id);
        return t('kind.sync', { registry: known?.name ?? t('aRegistry', { id }) });
      }
      const { kind, name } = schedule;
      return kind === 'retention' || kind === 'feed' ? t(`kind.${kind}`) : t('kind.other', { name });
    },
    [t, data],
  );
  const what = useCallback(
    ({ kind }: Schedule): string =>
      kind === 'retention' || kind === 'feed' || kind === 'sync' ? t(`what.${kind}`) : t('what.other', { kind }),
    [t],
  );
  return { title, what };
}
