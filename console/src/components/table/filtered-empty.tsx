import { Button } from '@mantine/core';
import { IconFilterOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useUrlState } from '../../app/url-state.ts';
import { EmptyState } from '../feedback/states.tsx';

/** An empty list: because of its filter, or (`children`) because there is nothing yet. */
export function FilteredEmpty({
  filter,
  name = 'q',
  children,
}: {
  readonly filter: string;
  readonly name?: string;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  const [, setFilter] = useUrlState(name);
  if (filter === '') return children;
  return (
    <EmptyState
      icon={<IconFilterOff size={28} stroke={1.4} />}
      title={t('table.emptyFiltered')}
      hint={t('table.emptyFilteredHint')}
      action={
        <Button variant="default" onClick={() => setFilter('', { push: true })}>
          {t('table.clearFilter')}
        </Button>
      }
    />
  );
}
