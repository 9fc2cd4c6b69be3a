import { ActionIcon, Tooltip } from '@mantine/core';
import { IconDownload, IconPlayerStop, IconRepeat } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { downloadWhenReady, fileOf } from '../../components/export/download.ts';
import { useChange } from '../../components/feedback/use-change.ts';
import { isUnderWay } from './export-state.tsx';
import classes from './exports.module.css';

type Export = Schema<'Export'>;
type Order = Schema<'ExportOrderInput'>;

const touches = ['/api/v1/exports'];

/** Orders an export; its file is downloaded when it is written. */
export function useOrderExport(after?: () => void) {
  const { t } = useTranslation('exports');
  return useChange<Order, Export | undefined>({
    run: async (body) => (await api.POST('/api/v1/exports', { body })).data,
    touches,
    done: () => ({ text: t('ordered') }),
    after: (made) => {
      if (made !== undefined) void downloadWhenReady(made.id);
      after?.();
    },
    quiet: after !== undefined,
  });
}

/** What can be done with an export: downloading it again, ordering it again, stopping it. */
export function ExportActions({ made }: { readonly made: Export }) {
  const { t } = useTranslation('exports');
  const { may } = useSession();
  const repeat = useOrderExport();
  const cancel = useChange<void, unknown>({
    run: () => api.POST('/api/v1/exports/{id}/cancel', { params: { path: { id: made.id } }, body: {} }),
    touches,
    done: () => ({
      text: t('cancelled'),
      ...(order === null ? {} : { undo: () => api.POST('/api/v1/exports', { body: order }) }),
    }),
  });
  const order = made.order ?? null;
  const mayOrder = may('drydock:export:write', made.projectId);
  return (
    <span className={classes.actions}>
      {made.state === 'success' && (
        <Tooltip label={t('download', { name: made.fileName })}>
          <ActionIcon
            component="a"
            href={fileOf(made.id)}
            download
            variant="subtle"
            aria-label={t('download', { name: made.fileName })}
          >
            <IconDownload size={17} />
          </ActionIcon>
        </Tooltip>
      )}
      {mayOrder && !isUnderWay(made) && order !== null && (
        <Tooltip label={t('repeat')}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('repeat')}
            loading={repeat.isPending}
            onClick={() => repeat.mutate(order)}
          >
            <IconRepeat size={17} />
          </ActionIcon>
        </Tooltip>
      )}
      {mayOrder && isUnderWay(made) && (
        <Tooltip label={t('cancel')}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('cancel')}
            loading={cancel.isPending}
            onClick={() => cancel.mutate()}
          >
            <IconPlayerStop size={17} />
          </ActionIcon>
        </Tooltip>
      )}
    </span>
  );
}
