import { Button, Tooltip } from '@mantine/core';
import { IconListCheck, IconPlayerStop, IconRefresh, IconStack2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/session.tsx';
import { useGo } from '../../app/go.ts';
import { Link } from '../../app/link.tsx';
import { canCancel, canRetry, useCancelFixes, useRetryFixes } from '../fixes/fix-actions.ts';
import type { FixFacts } from './use-fix.ts';

/** Ids beyond this do not fit into an address; the plan then begins with all that can be fixed. */
const mostInAddress = 200;

/** What can be done with a fix now. */
export function FixActionsBar({ facts: { fix, rows } }: { readonly facts: FixFacts }) {
  const { t } = useTranslation('fixes');
  const { may } = useSession();
  const go = useGo();
  const cancel = useCancelFixes();
  const retry = useRetryFixes();
  const mayStart = may('drydock:fix:start', fix.projectId);
  const { newImageUuid, imageUuid, status } = fix;
  const open = rows.filter(({ outcome }) => outcome !== 'fixed' && outcome !== 'not_affected').map(({ id }) => id);
  const ended = status !== 'running';
  return (
    <>
      {canCancel(fix) && may('drydock:fix:cancel', fix.projectId) && (
        <Tooltip label={t('one.cancelHint')}>
          <Button
            variant="default"
            leftSection={<IconPlayerStop size={16} />}
            loading={cancel.isPending}
            onClick={() => cancel.mutate([fix])}
          >
            {t('one.cancel')}
          </Button>
        </Tooltip>
      )}
      {ended && open.length > 0 && mayStart && (
        <Button
          component={Link}
          variant="default"
          leftSection={<IconListCheck size={16} />}
          to={`/images/${newImageUuid ?? imageUuid}/fix`}
          search={open.length > mostInAddress ? {} : { vulns: open.join(',') }}
        >
          {t('one.remaining', { count: open.length })}
        </Button>
      )}
      {canRetry(fix) && mayStart && (
        <Button
          variant={newImageUuid === null ? 'filled' : 'default'}
          leftSection={<IconRefresh size={16} />}
          loading={retry.isPending}
          onClick={() =>
            retry.mutate([fix], { onSuccess: ([again]) => again !== undefined && go(`/fixes/${again.id}`) })
          }
        >
          {t('retry')}
        </Button>
      )}
      {newImageUuid !== null && (
        <Button component={Link} leftSection={<IconStack2 size={16} />} to={`/images/${newImageUuid}`}>
          {t('one.openImage')}
        </Button>
      )}
    </>
  );
}
