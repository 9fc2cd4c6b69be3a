import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { useGo } from '../../app/go.ts';
import { useChange } from '../feedback/use-change.ts';
import { downloadWhenReady } from './download.ts';

type Order = Schema<'ExportOrderInput'>;

interface ExportButtonProps {
  /** What the table lists. */
  readonly subject: NonNullable<Order['subject']>;
  readonly grain?: Order['grain'];
  /** The filter of the table: the server selects, so that the file has the rows of the whole view and not of the page. */
  readonly filter: string;
  readonly sort?: Order['sort'];
  /** Words of the button where it stands beside something else than the table of its rows. */
  readonly label?: string;
}

const formats = ['csv', 'xlsx', 'jsonl'] as const;

/** Exports what a table shows: ordered at the server, downloaded by the browser as soon as it is written. */
export function ExportButton({ subject, grain, filter, sort, label }: ExportButtonProps) {
  const { t, i18n } = useTranslation(['exports', 'common']);
  const { may } = useSession();
  const go = useGo();
  const order = useChange<(typeof formats)[number], Schema<'Export'> | undefined>({
    run: async (format) => {
      const language = i18n.language === 'zh' ? 'zh' : 'en';
      const body: Order = {
        subject,
        format,
        language,
        ...(grain === undefined ? {} : { grain }),
        ...(filter === '' ? {} : { q: filter }),
        ...(sort === undefined ? {} : { sort }),
        ...(format === 'csv' ? { bom: true } : {}),
      };
      return (await api.POST('/api/v1/exports', { body })).data;
    },
    touches: ['/api/v1/exports'],
    done: () => ({ text: t('ordered'), open: { label: t('open'), run: () => go('/exports') } }),
    after: (made) => void (made && downloadWhenReady(made.id)),
  });
  if (!may('drydock:export:write')) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          leftSection={<IconDownload size={16} />}
          loading={order.isPending}
          data-export-view
        >
          {label ?? t('common:table.export')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {formats.map((format) => (
          <Menu.Item key={format} onClick={() => order.mutate(format)}>
            {t(`format.${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
