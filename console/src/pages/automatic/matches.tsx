import { useDebouncedValue } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client.ts';
import { Link } from '../../app/link.tsx';
import { Panel } from '../../components/page/page.tsx';
import classes from './automatic.module.css';
import { type CycleScope, filterOf } from './matching.ts';

const pauseMs = 300;

/** How many images the next run would look at, with what stands in the form now. */
export function Matches(cycle: CycleScope) {
  const { t } = useTranslation('fixes');
  const [filter] = useDebouncedValue(filterOf(cycle, Date.now()), pauseMs);
  const found = $api.useQuery(
    'get',
    '/api/v1/images',
    { params: { query: { q: filter ?? '', limit: '1' } } },
    { enabled: filter !== null, placeholderData: (old) => old },
  );
  return (
    <Panel title={t('auto.matches')}>
      {filter === null ? (
        <p className={classes.quiet}>{t('auto.matchesNone')}</p>
      ) : (
        <>
          <p className={classes.count}>{t('auto.matchesCount', { count: found.data?.total ?? 0 })}</p>
          <p className={classes.quiet}>{t('auto.matchesHint')}</p>
          <Link to="/images" search={{ q: filter }}>
            {t('auto.showImages')}
          </Link>
        </>
      )}
    </Panel>
  );
}
