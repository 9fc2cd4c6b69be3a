import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots, IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api, api, type Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { EmptyState } from '../../components/feedback/states.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import { Clip, Count } from '../../components/show/values.tsx';
import type { Column } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { useWholeList } from '../../components/table/use-list.ts';
import classes from './access.module.css';
import { PolicyDialog, type PolicyDraft } from './policy-dialog.tsx';

type Policy = Schema<'Policy'>;

const actionsOf = (policy: Policy, effect: 'Allow' | 'Deny'): string =>
  policy.statements
    .filter((statement) => statement.effect === effect)
    .flatMap(({ actions }) => actions)
    .join(', ');

/** Policies that come along, and those of this installation. */
export function PoliciesTab() {
  const { t } = useTranslation('access');
  const { mayEverywhere: may } = useSession();
  const mayWrite = may('drydock:policy:write');
  const [dialog, setDialog] = useState<PolicyDraft | null>(null);
  const policies = $api.useQuery('get', '/api/v1/policies');
  const items = policies.data?.items;
  const data = useMemo(
    () => items && [...items].sort((a, b) => Number(a.builtIn) - Number(b.builtIn) || a.name.localeCompare(b.name)),
    [items],
  );
  const list = useWholeList({ ...policies, data });
  const columns = useMemo<readonly Column<Policy>[]>(
    () => [
      {
        id: 'name',
        label: t('policy.name'),
        width: 'minmax(10rem, 1fr)',
        cell: ({ name }) => <bdi className={classes.name}>{name}</bdi>,
      },
      {
        id: 'kind',
        label: t('policy.kind'),
        width: '8rem',
        cell: ({ builtIn }) => (builtIn ? t('policy.builtIn') : t('policy.own')),
      },
      {
        id: 'statements',
        label: t('policy.statements'),
        width: '7rem',
        align: 'end',
        cell: ({ statements }) => <Count value={statements.length} />,
      },
      {
        id: 'allows',
        label: t('policy.allows'),
        width: 'minmax(16rem, 3fr)',
        cell: (policy) => <Clip text={actionsOf(policy, 'Allow') || t('policy.nothing')} />,
      },
      {
        id: 'denies',
        label: t('policy.denies'),
        width: 'minmax(8rem, 1fr)',
        cell: (policy) => <Clip text={actionsOf(policy, 'Deny') || '–'} />,
      },
      {
        id: 'menu',
        label: '',
        width: '3.5rem',
        cell: (policy) => <PolicyMenu policy={policy} mayWrite={mayWrite} open={setDialog} />,
      },
    ],
    [t, mayWrite],
  );
  return (
    <>
      {mayWrite && (
        <div className={classes.bar}>
          <span />
          <Button leftSection={<IconPlus size={16} />} onClick={() => setDialog({ name: '', from: null })}>
            {t('policy.add')}
          </Button>
        </div>
      )}
      <DataTable
        label={t('tab.roles')}
        list={list}
        columns={columns}
        rowId={({ name }) => name}
        onOpen={(policy) => setDialog({ name: policy.name, from: policy })}
        empty={<EmptyState title={t('policy.nothing')} />}
      />
      {dialog !== null && (
        <PolicyDialog
          key={`${dialog.name} ${dialog.from?.name}`}
          draft={dialog}
          policies={items ?? []}
          close={() => setDialog(null)}
          open={setDialog}
        />
      )}
    </>
  );
}

function PolicyMenu({
  policy,
  mayWrite,
  open,
}: {
  readonly policy: Policy;
  readonly mayWrite: boolean;
  readonly open: (draft: PolicyDraft) => void;
}) {
  const { t } = useTranslation(['access', 'common']);
  const path = { name: policy.name };
  const remove = useChange({
    run: () => api.DELETE('/api/v1/policies/{name}', { params: { path } }),
    touches: ['/api/v1/policies'],
    done: () => ({
      text: t('policy.removed', { name: policy.name }),
      undo: () => api.PUT('/api/v1/policies/{name}', { params: { path }, body: { statements: policy.statements } }),
    }),
  });
  if (!mayWrite) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`${t('actions')}: ${policy.name}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {!policy.builtIn && (
          <Menu.Item onClick={() => open({ name: policy.name, from: policy })}>{t('common:edit')}</Menu.Item>
        )}
        <Menu.Item onClick={() => open({ name: '', from: policy })}>{t('policy.copyAs')}</Menu.Item>
        {!policy.builtIn && (
          <Menu.Item color="red" onClick={() => remove.mutate()}>
            {t('policy.remove')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
