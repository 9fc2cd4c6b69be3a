import { Checkbox, SegmentedControl, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useUrlState } from '../../app/url-state.ts';
import { EmptyState } from '../../components/feedback/states.tsx';
import { Panel } from '../../components/page/page.tsx';
import { Status } from '../../components/show/status.tsx';
import { Clip } from '../../components/show/values.tsx';
import type { Column } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { useWholeList } from '../../components/table/use-list.ts';
import { useFormat } from '../../i18n/format.ts';
import classes from './access.module.css';
import { type GrantedPolicy, type Right, rightOf } from './rights.ts';
import type { Scope } from './scope-fields.tsx';
import type { AccessFacts } from './use-access.ts';
import { useKnownActions } from './use-known-actions.ts';

interface EffectiveRightsProps {
  readonly name: string;
  readonly grants: readonly { readonly policy: string; readonly projects: Scope }[];
  readonly facts: AccessFacts;
}

const families = ['native', 'alibaba', 'huawei'] as const;
type Family = (typeof families)[number];

/** What somebody may do, action by action, and because of which policy. */
export function EffectiveRights({ name, grants, facts }: EffectiveRightsProps) {
  const { t } = useTranslation('access');
  const format = useFormat();
  const known = useKnownActions();
  const [family, setFamily] = useUrlState('api', 'native');
  const [find, setFind] = useUrlState('action');
  const [only, setOnly] = useUrlState('allowed');
  const rights = useMemo(() => {
    const granted = grants.map(
      ({ policy, projects }): GrantedPolicy => ({
        policy,
        projects,
        statements: facts.policies.find((one) => one.name === policy)?.statements ?? [],
      }),
    );
    const ids = facts.projects.map(({ id }) => id);
    return (known[family as Family] ?? known.native).map((action) => rightOf(granted, action, ids));
  }, [grants, facts, known, family]);
  const isAllowed = ({ projects }: Right): boolean => projects === 'all' || projects.length > 0;
  const shown = rights.filter(
    (right) => right.action.toLowerCase().includes(find.toLowerCase()) && (only === '' || isAllowed(right)),
  );
  const list = useWholeList({
    data: shown,
    error: null,
    isPending: known.native.length === 0,
    refetch: () => undefined,
  });
  const columns = useMemo<readonly Column<Right>[]>(
    () => [
      {
        id: 'action',
        label: t('rights.action'),
        width: 'minmax(18rem, 2fr)',
        cell: ({ action }) => <Clip text={action} mono />,
      },
      {
        id: 'where',
        label: t('rights.where'),
        width: 'minmax(12rem, 1.2fr)',
        cell: ({ projects }) =>
          projects === 'all' ? (
            <Status tone="good" label={t('everywhere')} />
          ) : projects.length > 0 ? (
            <Status tone="warn" label={format.list(projects.map(facts.projectName))} />
          ) : (
            <Status tone="quiet" label={t('nowhere')} />
          ),
      },
      {
        id: 'because',
        label: t('rights.because'),
        width: 'minmax(14rem, 1.5fr)',
        cell: ({ allowedBy, deniedBy }) => (
          <Clip
            text={
              [
                ...(allowedBy.length > 0 ? [format.list(allowedBy)] : []),
                ...(deniedBy.length > 0 ? [t('rights.deniedBy', { policies: format.list(deniedBy) })] : []),
              ].join(' · ') || t('rights.none')
            }
          />
        ),
      },
    ],
    [t, format, facts],
  );
  return (
    <Panel
      title={t('rights.title', { name })}
      aside={t('rights.allowed', { allowed: rights.filter(isAllowed).length, total: rights.length })}
    >
      <p className={classes.hint}>{t('rights.hint')}</p>
      <div className={classes.rightsBar}>
        <SegmentedControl
          size="xs"
          aria-label={t('rights.family')}
          value={family}
          onChange={setFamily}
          data={families.map((value) => ({ value, label: t(`rights.${value}`) }))}
        />
        <TextInput
          size="xs"
          aria-label={t('rights.find')}
          placeholder={t('rights.find')}
          leftSection={<IconSearch size={14} />}
          value={find}
          onChange={(event) => setFind(event.currentTarget.value)}
        />
        <Checkbox
          size="xs"
          label={t('rights.only')}
          checked={only !== ''}
          onChange={(event) => setOnly(event.currentTarget.checked ? 'only' : '')}
        />
      </div>
      <DataTable
        label={t('rights.title', { name })}
        name="r"
        list={list}
        columns={columns}
        rowId={({ action }) => action}
        grow
        empty={<EmptyState title={t('rights.none')} />}
      />
    </Panel>
  );
}
