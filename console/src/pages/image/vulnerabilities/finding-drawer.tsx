import { Button, Skeleton } from '@mantine/core';
import { IconEyeOff, IconTool } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { $api, type Schema } from '../../../api/client.ts';
import { DetailActions, DetailDrawer } from '../../../components/drawer/detail-drawer.tsx';
import { ErrorState } from '../../../components/feedback/states.tsx';
import { FindingDetails } from './finding-details.tsx';
import { canFix } from './fixable.ts';

type Finding = Schema<'Finding'>;

interface FindingDrawerProps {
  readonly image: Schema<'Image'>;
  /** Record that the address names; empty = closed. */
  readonly record: string;
  readonly close: () => void;
  readonly fix: ((rows: readonly Finding[]) => void) | undefined;
  readonly ignore: ((finding: Finding) => void) | undefined;
}

/** Everything that is known of one vulnerability in this image. */
export function FindingDrawer({ image, record, close, fix, ignore }: FindingDrawerProps) {
  const { t } = useTranslation('image');
  const named = /^\d{1,15}$/.test(record);
  const { data, error, refetch } = $api.useQuery(
    'get',
    '/api/v1/findings',
    {
      params: {
        query: {
          // Naming the state lists also what distributions call unimportant.
          q: `image.uuid:${image.uuid} finding.id:${record} state:fixed,unfixed,will_not_fix,unimportant,end_of_life`,
          grain: 'record',
          limit: '1',
        },
      },
    },
    { enabled: named },
  );
  const finding = data?.items[0];
  return (
    <DetailDrawer
      opened={named}
      onClose={close}
      title={finding === undefined ? t('drawer.loading') : <bdi>{finding.vulnerability.id}</bdi>}
    >
      {finding !== undefined ? (
        <>
          <FindingDetails finding={finding} />
          {(fix !== undefined || ignore !== undefined) && (
            <DetailActions>
              {ignore !== undefined && (
                <Button
                  variant="default"
                  leftSection={<IconEyeOff size={16} />}
                  onClick={() => {
                    close();
                    ignore(finding);
                  }}
                >
                  {t('bulk.ignore')}
                </Button>
              )}
              {fix !== undefined && (
                <Button
                  leftSection={<IconTool size={16} />}
                  disabled={!canFix(finding)}
                  title={canFix(finding) ? t('bulk.fixHint') : t('bulk.noneFixable')}
                  onClick={() => fix([finding])}
                >
                  {t('fix')}
                </Button>
              )}
            </DetailActions>
          )}
        </>
      ) : error ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : data !== undefined ? (
        <p>{t('drawer.gone')}</p>
      ) : (
        <div aria-hidden="true">
          <Skeleton height={24} mb={16} width="50%" />
          <Skeleton height={120} mb={16} />
          <Skeleton height={160} />
        </div>
      )}
    </DetailDrawer>
  );
}
