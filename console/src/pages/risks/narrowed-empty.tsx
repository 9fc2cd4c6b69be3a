import { Button } from '@mantine/core';
import { IconFilterOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSetSearch } from '../../app/url-state.ts';
import { EmptyState } from '../../components/feedback/states.tsx';
import { useNarrowing } from './use-narrowing.ts';

/** An empty list of risks: because of what the user chose, or (`children`) because there is nothing. */
export function NarrowedEmpty({
  filter = '',
  children,
}: {
  /** Of images, where the list has one. */
  readonly filter?: string;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  const { any } = useNarrowing();
  const set = useSetSearch();
  if (!any && filter === '') return children;
  return (
    <EmptyState
      icon={<IconFilterOff size={28} stroke={1.4} />}
      title={t('table.emptyFiltered')}
      hint={t('table.emptyFilteredHint')}
      action={
        <Button
          variant="default"
          onClick={() => set({ q: undefined, levels: undefined, statuses: undefined, title: undefined })}
        >
          {t('table.clearFilter')}
        </Button>
      }
    />
  );
}
