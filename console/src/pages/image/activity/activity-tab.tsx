import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { $api, type Schema } from '../../../api/client.ts';
import { useSession } from '../../../api/session.tsx';
import { EmptyState, ErrorState } from '../../../components/feedback/states.tsx';
import { Panel } from '../../../components/page/page.tsx';
import classes from './activity.module.css';
import { HappeningRow } from './happening-row.tsx';
import { timelineOf } from './timeline.ts';

const shownChanges = '500';

/** What happened to an image: its scan, fixes, moves of its tag, decisions, in one order. */
export function ActivityTab({ image }: { readonly image: Schema<'Image'> }) {
  const { t } = useTranslation('image');
  const { may } = useSession();
  const mayFixes = may('drydock:fix:read', image.projectId);
  const mayDecisions = may('drydock:decision:read', image.projectId);
  const path = { uuid: image.uuid };
  const tags = $api.useQuery('get', '/api/v1/images/{uuid}/tags', { params: { path } });
  const fixes = $api.useQuery(
    'get',
    '/api/v1/fixes',
    { params: { query: { image: image.uuid, limit: '200' } } },
    { enabled: mayFixes },
  );
  const changes = $api.useQuery(
    'get',
    '/api/v1/decisions/history',
    { params: { query: { limit: shownChanges } } },
    { enabled: mayDecisions },
  );
  const handled = $api.useQuery(
    'get',
    '/api/v1/findings',
    { params: { query: { q: `image.uuid:${image.uuid} handled:true`, grain: 'record', limit: '500' } } },
    { enabled: mayDecisions && image.counts.handledCve + image.counts.handledSca > 0 },
  );
  const failed = [tags, fixes, changes].find(({ error, data }) => error !== null && data === undefined);
  const loading = tags.isPending || (mayFixes && fixes.isPending) || (mayDecisions && changes.isPending);
  if (failed !== undefined) return <ErrorState error={failed.error} retry={() => void failed.refetch()} />;
  if (loading) return <Skeleton height={240} radius="lg" />;
  const happenings = timelineOf(image, {
    tags: tags.data?.items ?? [],
    fixes: fixes.data?.items ?? [],
    changes: changes.data?.items ?? [],
    inForce: new Set(handled.data?.items.flatMap(({ handled: by }) => by?.ruleId ?? [])),
  });
  if (happenings.length === 0) return <EmptyState title={t('activity.none')} hint={t('activity.noneHint')} />;
  return (
    <Panel title={t('activity.title')}>
      <ol className={classes.timeline}>
        {happenings.map((happening) => (
          <HappeningRow key={`${happening.kind} ${happening.at} ${idOf(happening)}`} happening={happening} />
        ))}
      </ol>
      {(changes.data?.total ?? 0) > Number(shownChanges) && <p className={classes.note}>{t('activity.cut')}</p>}
    </Panel>
  );
}

function idOf(happening: ReturnType<typeof timelineOf>[number]): string {
  switch (happening.kind) {
    case 'fix':
      return `${happening.fix.id} ${happening.end}`;
    case 'decision':
      return `${happening.change.decision.id} ${happening.change.change}`;
    case 'tag':
      return `${happening.tag} ${happening.digest}`;
    default:
      return happening.state;
  }
}
