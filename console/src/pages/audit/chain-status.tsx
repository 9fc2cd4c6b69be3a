import { Button, Tooltip } from '@mantine/core';
import { IconLink, IconLinkOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client.ts';
import classes from './audit.module.css';

/** Whether the chain of hashes is whole, and a way to check it again. */
export function ChainStatus() {
  const { t } = useTranslation('audit');
  const { data, isFetching, refetch } = $api.useQuery(
    'get',
    '/api/v1/audit/verification',
    {},
    { staleTime: 5 * 60_000 },
  );
  const broken = data?.firstWrong ?? null;
  const words =
    data === undefined
      ? t('chain.checking')
      : broken === null
        ? t('chain.whole', { count: data.entries })
        : t('chain.broken', { seq: broken });
  return (
    <div className={classes.chain} data-state={data === undefined ? 'busy' : broken === null ? 'whole' : 'broken'}>
      {broken === null ? <IconLink size={16} /> : <IconLinkOff size={16} />}
      <Tooltip label={t('chain.brokenHint')} disabled={broken === null}>
        <span role="status">{words}</span>
      </Tooltip>
      <Button variant="subtle" size="compact-xs" loading={isFetching} onClick={() => void refetch()}>
        {t('chain.again')}
      </Button>
    </div>
  );
}
