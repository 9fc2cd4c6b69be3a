import { Button } from '@mantine/core';
import { IconFilterOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useUrlState } from '../../app/url-state.ts';
import { EmptyState } from '../feedback/states.tsx';

/** Nothing is left of a list that was narrowed; offers to have all of it. */
export function NothingFound({ clear }: { readonly clear: () => void }) {
  const { t } = useTranslation();
  return (
    <EmptyState
      icon={<IconFilterOff size={28} stroke={1.4} />}
      title={t('table.emptyFiltered')}
      hint={t('table.emptyFilteredHint')}
      action={
        <Button variant="default" onClick={clear}>
          {t('table.clearFilter')}
        </Button>
      }
    />
  );
}

interface FilteredEmptyProps {
  readonly filter: string;
  readonly name?: string;
  readonly children: ReactNode;
}

/** An empty list: because of its filter, or (`children`) because there is nothing yet. */
export function FilteredEmpty({ filter, name = 'q', children }: FilteredEmptyProps) {
  const [, setFilter] = useUrlState(name);
  return filter === '' ? children : <NothingFound clear={() => setFilter('', { push: true })} />;
}
