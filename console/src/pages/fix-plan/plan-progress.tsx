import { Button, Progress } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import { Elapsed } from '../../components/fix/elapsed.tsx';
import { Panel } from '../../components/page/page.tsx';
import classes from './plan-progress.module.css';

const stages = ['queued', 'opening', 'scanning', 'inspecting', 'planning'] as const;

/** How far the making of a plan came; before it is ordered (`null`), it is as good as queued. */
export function PlanProgress({ plan }: { readonly plan: Schema<'FixPlan'> | null }) {
  const { t } = useTranslation('plan');
  const { may } = useSession();
  const stop = useChange<string>({
    run: (id) => api.POST('/api/v1/fix-plans/{id}/cancel', { params: { path: { id } }, body: {} }),
    touches: ['/api/v1/fix-plans'],
  });
  const at = Math.max(0, stages.indexOf((plan?.stage ?? 'queued') as 'queued'));
  const progress = plan?.progress;
  return (
    <Panel
      title={t('progressTitle')}
      aside={
        plan !== null && (
          <>
            <Elapsed from={Date.parse(plan.createdAt)} to={null} />
            {may('drydock:fix:cancel', plan.projectId) && (
              <Button
                variant="subtle"
                color="gray"
                size="compact-sm"
                loading={stop.isPending}
                onClick={() => stop.mutate(plan.id)}
              >
                {t('stop')}
              </Button>
            )}
          </>
        )
      }
    >
      <p className={classes.hint}>{t('progressHint')}</p>
      <ol className={classes.stages} data-testid="plan-progress">
        {stages.map((stage, index) => {
          const state = index < at ? 'done' : index === at ? 'active' : 'waiting';
          return (
            <li
              key={stage}
              className={classes.stage}
              data-state={state}
              aria-current={index === at ? 'step' : undefined}
            >
              <span className={classes.mark} aria-hidden="true">
                {state === 'done' && <IconCheck size={12} stroke={3} />}
              </span>
              <span>{t(`stage.${stage}`)}</span>
              {state === 'active' && progress?.total != null && progress.total > 0 && (
                <Progress
                  className={classes.bar ?? ''}
                  size="sm"
                  value={(progress.done / progress.total) * 100}
                  aria-label={t(`stage.${stage}`)}
                />
              )}
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}
