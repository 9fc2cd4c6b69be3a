import { IconCalendarTime } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client.ts';
import { Link } from '../../app/link.tsx';
import { EmptyState, ErrorState } from '../../components/feedback/states.tsx';
import { Page, Panel } from '../../components/page/page.tsx';
import { useScheduleNames } from './schedule-names.ts';
import { ScheduleRow } from './schedule-row.tsx';
import classes from './schedules.module.css';

const expected = [1, 2, 3];

/** What happens by itself, and when: in plain words, with its next moments. */
export function SchedulesPage() {
  const { t } = useTranslation('schedules');
  const names = useScheduleNames();
  const { data, error, refetch } = $api.useQuery('get', '/api/v1/schedules');
  const body = () => {
    if (data === undefined && error !== null) return <ErrorState error={error} retry={() => void refetch()} />;
    if (data === undefined) return expected.map((row) => <div key={row} className={classes.skeleton} aria-hidden />);
    if (data.items.length === 0) {
      return (
        <EmptyState
          icon={<IconCalendarTime size={28} stroke={1.4} />}
          title={t('empty')}
          hint={t('emptyHint')}
          action={<Link to="/registries">{t('registries')}</Link>}
        />
      );
    }
    return (
      <ul className={classes.list}>
        {data.items.map((schedule) => (
          <ScheduleRow
            key={schedule.name}
            schedule={schedule}
            title={names.title(schedule)}
            what={names.what(schedule)}
          />
        ))}
      </ul>
    );
  };
  return (
    <Page title={t('title')} subtitle={t('subtitle')}>
      <Panel flush>{body()}</Panel>
    </Page>
  );
}
