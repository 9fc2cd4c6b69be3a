import { Skeleton } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api, type Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { Link } from '../../app/link.tsx';
import { useUrlState } from '../../app/url-state.ts';
import { DetailBadges } from '../../components/drawer/detail-drawer.tsx';
import { EmptyState, ErrorState } from '../../components/feedback/states.tsx';
import { Page } from '../../components/page/page.tsx';
import { PageTabs } from '../../components/page/page-tabs.tsx';
import { SeverityBadge } from '../../components/show/severity.tsx';
import { usePagedList } from '../../components/table/use-list.ts';
import { useText } from '../../i18n/text.ts';
import { DecideButtons } from './decide-buttons.tsx';
import { titleOf } from './group-columns.tsx';
import { GroupImages } from './group-images.tsx';
import { NarrowedEmpty } from './narrowed-empty.tsx';
import { RiskHits } from './risk-hits.tsx';
import { type RiskWord, riskWords } from './risk-kinds.ts';
import { RiskStatusLabel } from './risk-status-label.tsx';
import classes from './risks.module.css';
import { StatusDialog } from './status-dialog.tsx';
import { changeOfGroups, ruleOf } from './status-orders.ts';
import { useRiskStatus } from './use-risk-status.ts';

/** Members of the query by which lists of risks select a group. */
export type GroupQuery = Readonly<Record<'rules' | 'names' | 'classes' | 'md5', string[] | undefined>>;

function queryOf(word: RiskWord, by: string, name: string): GroupQuery {
  const none = { rules: undefined, names: undefined, classes: undefined, md5: undefined };
  if (by === 'class') return { ...none, classes: [name] };
  if (by === 'name') return { ...none, names: [name] };
  return word === 'malicious' ? { ...none, md5: [name] } : { ...none, rules: [name] };
}

/** One rule (or class) of a kind of risk: what it means, what to do, in which images it shows. */
export function RiskGroupPage() {
  const { t } = useTranslation('risks');
  const { may } = useSession();
  const text = useText();
  const { kind = '' } = useParams({ strict: false }) as { readonly kind?: string };
  const word = riskWords.find((one) => one === kind) ?? 'baseline';
  const [name] = useUrlState('name');
  const [asked] = useUrlState('by', 'rule');
  const by = asked === 'class' || asked === 'name' ? asked : 'rule';
  const query = queryOf(word, by, name);
  const { data, error, refetch } = $api.useQuery(
    'get',
    '/api/v1/risks/{kind}',
    { params: { path: { kind: word }, query: { ...query, by, listed: 'true', limit: '1' } } },
    { enabled: name !== '' },
  );
  const hits = usePagedList('/api/v1/risks/{kind}/findings', {
    path: { kind: word },
    query: { ...query, listed: 'true' },
    enabled: name !== '',
  });
  const group = data?.items[0];
  const mayDecide = may('drydock:decision:write');
  const trail = (
    <Link to="/risks" search={{ tab: word === 'baseline' ? undefined : word }}>
      {t('title')} › {t(`kind.${word}`)}
    </Link>
  );
  if (group === undefined) {
    return (
      <Page title={t('group')} trail={trail}>
        {error ? (
          <ErrorState error={error} retry={() => void refetch()} />
        ) : data !== undefined || name === '' ? (
          <EmptyState title={t('gone')} hint={t('goneHint')} />
        ) : (
          <Skeleton height={320} radius="lg" />
        )}
      </Page>
    );
  }
  const description = text(group.description);
  const advice = text(group.advice);
  return (
    <Page
      title={text(titleOf(group, by))}
      trail={trail}
      subtitle={
        <DetailBadges>
          <SeverityBadge level={group.level} />
          <span>{text(group.className)}</span>
          <RiskStatusLabel status={group.status} />
          <span>{t('inImages', { count: group.images.total })}</span>
        </DetailBadges>
      }
      actions={by === 'rule' && mayDecide && ruleOf(group) !== null ? <GroupActions group={group} /> : undefined}
      fill
    >
      {by === 'rule' && (description !== '' || advice !== '') && (
        <div className={classes.words}>
          {description !== '' && (
            <section className={classes.section}>
              <h2>{t('description')}</h2>
              <p>{description}</p>
            </section>
          )}
          {advice !== '' && (
            <section className={classes.section}>
              <h2>{t('advice')}</h2>
              <p>{advice}</p>
            </section>
          )}
        </div>
      )}
      <PageTabs
        keep={['name', 'by']}
        tabs={[
          { id: 'images', label: t('column.images'), count: group.images.total },
          { id: 'findings', label: t('column.hits'), count: group.hits.total },
        ]}
      >
        {(tab) =>
          tab === 'images' ? (
            <GroupImages word={word} group={group} query={query} mayDecide={by === 'rule' && mayDecide} />
          ) : (
            <RiskHits
              label={t('column.hits')}
              list={hits}
              ofOneImage={false}
              mayDecide={mayDecide}
              empty={
                <NarrowedEmpty>
                  <EmptyState title={t('gone')} hint={t('goneHint')} />
                </NarrowedEmpty>
              }
            />
          )
        }
      </PageTabs>
    </Page>
  );
}

/** Decides on the rule in all images. */
function GroupActions({ group }: { readonly group: Schema<'RiskGroup'> }) {
  const { t } = useTranslation('risks');
  const text = useText();
  const change = useRiskStatus();
  const [opened, setOpened] = useState(false);
  return (
    <>
      <DecideButtons
        size="sm"
        statuses={[group.status]}
        busy={change.isPending}
        decide={() => setOpened(true)}
        reopen={() => change.mutate(changeOfGroups([group], 'open', ''))}
      />
      <StatusDialog
        opened={opened}
        close={() => setOpened(false)}
        subject={text(group.title)}
        reach={t('dialog.reachAll')}
        apply={(status, reason) => change.mutate(changeOfGroups([group], status, reason))}
      />
    </>
  );
}
