import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Link } from '../../app/link.tsx';
import { ErrorState } from '../../components/feedback/states.tsx';
import { Elapsed } from '../../components/fix/elapsed.tsx';
import { FixStatus, type FixStatusName, fixStatuses, fixTones } from '../../components/fix/fix-status.tsx';
import { useReasonText } from '../../components/fix/outcome.tsx';
import { StepDots } from '../../components/fix/step-dots.tsx';
import { ImageNameOf } from '../../components/show/image-name.tsx';
import { Count, Time } from '../../components/show/values.tsx';
import { usePagedList } from '../../components/table/use-list.ts';
import classes from './board.module.css';
import { useFixFilter } from './fix-filters.tsx';

/** Cards of a column that are loaded at a time. */
const pageSize = '30';
const liveMs = 1000;

/** Fixes by state, side by side. */
export function FixBoard() {
  return (
    <div className={classes.board}>
      {fixStatuses.map((status) => (
        <BoardColumn key={status} status={status} />
      ))}
    </div>
  );
}

function BoardColumn({ status }: { readonly status: FixStatusName }) {
  const { t } = useTranslation(['fixes', 'common']);
  const { image, from } = useFixFilter();
  const list = usePagedList('/api/v1/fixes', {
    query: { status, image, from, limit: pageSize },
    refetchInterval: status === 'running' ? liveMs : false,
  });
  return (
    <section className={classes.column} aria-label={t(`status.${status}`)} data-tone={fixTones[status]}>
      <h2 className={classes.head}>
        <FixStatus status={status} />
        {list.total !== null && <Count value={list.total} bound={list.bound} />}
      </h2>
      <ul className={classes.cards}>
        {list.rows.map((fix) => (
          <li key={fix.id}>
            <Card fix={fix} />
          </li>
        ))}
      </ul>
      {list.error != null && list.rows.length === 0 && <ErrorState error={list.error} retry={list.retry} />}
      {!list.loading && list.error == null && list.rows.length === 0 && (
        <p className={classes.none}>{t('boardEmpty')}</p>
      )}
      {list.hasMore && (
        <Button variant="subtle" size="compact-sm" loading={list.loadingMore} onClick={list.more}>
          {t('common:more')}
        </Button>
      )}
    </section>
  );
}

function Card({ fix }: { readonly fix: Schema<'Fix'> }) {
  const { t } = useTranslation('fixes');
  const words = useReasonText();
  const { id, imageUuid, newTag, requested, status, reason, createdAt, finishedAt } = fix;
  return (
    <Link to={`/fixes/${id}`} className={classes.card}>
      <ImageNameOf uuid={imageUuid} />
      <bdi className={classes.tag}>{newTag}</bdi>
      {status === 'running' && <StepDots fix={fix} />}
      {reason !== null && <span className={classes.reason}>{words(reason).text}</span>}
      <span className={classes.foot}>
        <span>{t('vulnerabilities', { count: requested.length })}</span>
        <span className={classes.time}>
          {finishedAt === null ? <Elapsed from={Date.parse(createdAt)} to={null} /> : <Time at={finishedAt} />}
        </span>
      </span>
    </Link>
  );
}
