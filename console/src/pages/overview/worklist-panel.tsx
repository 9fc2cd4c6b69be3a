import { IconShieldCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from '../../app/link.tsx';
import { EmptyState, ErrorState } from '../../components/feedback/states.tsx';
import { Panel } from '../../components/page/page.tsx';
import { worklist } from './questions.ts';
import { Skeleton } from './skeleton.tsx';
import classes from './worklist.module.css';
import { WorklistRow } from './worklist-row.tsx';

/** About as many groups as an estate has, each as high as one with its worst images: what is below must not jump. */
const expected = [1, 2, 3, 4, 5];

/** Groups of images in the order of urgency, each with what to do about it. */
export function WorklistPanel() {
  const { t } = useTranslation('overview');
  const { data, error, refetch } = useQuery(worklist);
  const body = () => {
    if (data === undefined && error !== null) return <ErrorState error={error} retry={() => void refetch()} />;
    if (data === undefined) {
      return expected.map((row) => (
        <div key={row} className={classes.row}>
          <Skeleton height="6.6875rem" />
        </div>
      ));
    }
    if (data.groups.length === 0) {
      return (
        <EmptyState
          icon={<IconShieldCheck size={28} stroke={1.4} />}
          title={t('worklist.empty')}
          hint={t('worklist.emptyHint')}
          action={<Link to="/images">{t('worklist.emptyAction')}</Link>}
        />
      );
    }
    return (
      <ol className={classes.list}>
        {data.groups.map((group) => (
          <WorklistRow key={group.key} group={group} />
        ))}
      </ol>
    );
  };
  return (
    <Panel title={t('worklist.title')} flush>
      {body()}
    </Panel>
  );
}
