import { Button } from '@mantine/core';
import { IconLock, IconRoute, IconServerOff } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { Link } from '../../app/link.tsx';
import { useSetSearch, useUrlState } from '../../app/url-state.ts';
import { EmptyState, ErrorState, useErrorText } from '../../components/feedback/states.tsx';
import { useReasonText } from '../../components/fix/outcome.tsx';
import { Page, Panel } from '../../components/page/page.tsx';
import { imageText } from '../../components/show/image-name.tsx';
import { orderOf } from './plan-order.ts';
import { PlanProgress } from './plan-progress.tsx';
import { PlanView } from './plan-view.tsx';
import { type FollowedPlan, isUnderWay, usePlan } from './use-plan.ts';

/** What a fix of an image would do, and the order of it. Opening the page makes the plan; it changes nothing. */
export function FixPlanPage() {
  const { t } = useTranslation('plan');
  const { may } = useSession();
  const { uuid = '' } = useParams({ strict: false }) as { uuid?: string };
  const [records] = useUrlState('records');
  const [vulns] = useUrlState('vulns');
  const [strategy] = useUrlState('strategy');
  const setSearch = useSetSearch();
  const image = $api.useQuery('get', '/api/v1/images/{uuid}', { params: { path: { uuid } } });
  const projectId = image.data?.projectId ?? null;
  const allowed = may('drydock:fix:start', projectId);
  const order = orderOf(uuid, { records, vulns, strategy });
  const followed = usePlan(order, allowed && image.data !== undefined);
  const name = image.data === undefined ? null : imageText(image.data);
  const chosen = order.records?.length ?? order.vulnerabilities?.length ?? null;
  const everything = (): void => setSearch({ records: undefined, vulns: undefined, strategy: undefined });
  return (
    <Page
      title={name === null ? t('title') : t('titleOf', { image: name })}
      trail={name === null ? undefined : <Link to={`/images/${uuid}`}>{name}</Link>}
      subtitle={
        chosen === null ? (
          t('subtitle')
        ) : (
          <>
            {t('selectionOf', { count: chosen })}{' '}
            <Button variant="transparent" size="compact-sm" p={0} onClick={everything}>
              {t('selectionAll')}
            </Button>
          </>
        )
      }
    >
      {image.error == null || image.data !== undefined ? (
        allowed || image.data === undefined ? (
          <Body followed={followed} image={image.data} chosen={chosen} everything={everything} />
        ) : (
          <State icon={<IconLock size={28} stroke={1.4} />} title={t('denied')} hint={t('deniedHint')} />
        )
      ) : (
        <ErrorState error={image.error} retry={() => void image.refetch()} />
      )}
    </Page>
  );
}

function State(props: {
  readonly icon: ReactNode;
  readonly title: string;
  readonly hint: string;
  readonly action?: ReactNode;
}) {
  return (
    <Panel>
      <EmptyState {...props} />
    </Panel>
  );
}

interface BodyProps {
  readonly followed: FollowedPlan;
  readonly image: Parameters<typeof PlanView>[0]['image'];
  /** How many ids were named; null = all that can be fixed. */
  readonly chosen: number | null;
  readonly everything: () => void;
}

function Body({ followed, image, chosen, everything }: BodyProps) {
  const { t } = useTranslation(['plan', 'common']);
  const errorText = useErrorText();
  const words = useReasonText();
  const { plan, unavailable, error, ordering, again } = followed;
  const retry = (
    <Button variant="default" loading={ordering} onClick={again}>
      {unavailable ? t('common:retry') : t('again')}
    </Button>
  );
  if (unavailable) {
    const icon = <IconServerOff size={28} stroke={1.4} />;
    return <State icon={icon} title={t('unavailable')} hint={t('unavailableHint')} action={retry} />;
  }
  if (error != null) {
    const all = (
      <Button variant="default" onClick={everything}>
        {t('everything')}
      </Button>
    );
    const icon = <IconRoute size={28} stroke={1.4} />;
    return <State icon={icon} title={t('refused')} hint={errorText(error)} action={chosen === null ? retry : all} />;
  }
  if (plan === null || isUnderWay(plan.state) || (ordering && plan.result === null)) {
    return <PlanProgress plan={plan} />;
  }
  if (plan.result === null) {
    const why = words(plan.reason ?? { code: 'internal', message: null });
    const hint = [why.text, why.detail].filter((text) => text !== null).join(' ');
    return (
      <State
        icon={<IconRoute size={28} stroke={1.4} />}
        title={plan.state === 'cancelled' ? t('stopped') : t('failed')}
        hint={plan.state === 'cancelled' ? t('progressHint') : hint}
        action={retry}
      />
    );
  }
  return <PlanView key={plan.id} plan={plan} result={plan.result} image={image} again={again} ordering={ordering} />;
}
