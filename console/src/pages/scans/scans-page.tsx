import { Button, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useGo } from '../../app/go.ts';
import { Link } from '../../app/link.tsx';
import { useSetSearch, useUrlState } from '../../app/url-state.ts';
import { EmptyState } from '../../components/feedback/states.tsx';
import { Page } from '../../components/page/page.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { usePagedList } from '../../components/table/use-list.ts';
import { useScanColumns } from './scan-columns.tsx';
import classes from './scans.module.css';

const kinds = ['image_scan', 'registry_sync'] as const;
const states = ['queued', 'running', 'finished', 'cancelled'] as const;
const liveMs = 1000;
const idleMs = 10_000;
const pauseMs = 300;

/** Scans and synchronisations; those that run move. */
export function ScansPage() {
  const { t } = useTranslation('scans');
  const go = useGo();
  const [kind] = useUrlState('kind');
  const [state] = useUrlState('state');
  const [name] = useUrlState('name');
  const [busy, setBusy] = useState(true);
  const list = usePagedList('/api/v1/scans', {
    query: { kind: kinds.find((one) => one === kind), state, name },
    refetchInterval: busy ? liveMs : idleMs,
  });
  const isBusy = list.rows.some((scan) => scan.state === 'queued' || scan.state === 'running');
  useEffect(() => setBusy(isBusy), [isBusy]);
  const columns = useScanColumns();
  const setSearch = useSetSearch();
  const filtered = kind !== '' || state !== '' || name !== '';
  return (
    <Page title={t('title')} subtitle={t('subtitle')} fill>
      <ScanFilters />
      <DataTable
        label={t('title')}
        list={list}
        columns={columns}
        rowId={({ id }) => id}
        onOpen={({ id }) => go(`/scans/${id}`)}
        empty={
          filtered ? (
            <EmptyState
              title={t('emptyFiltered')}
              action={
                <Button
                  variant="default"
                  onClick={() => setSearch({ kind: undefined, state: undefined, name: undefined })}
                >
                  {t('clear')}
                </Button>
              }
            />
          ) : (
            <EmptyState
              title={t('empty')}
              hint={t('emptyHint')}
              action={<Link to="/images">{t('emptyAction')}</Link>}
            />
          )
        }
      />
    </Page>
  );
}

/** The choices of this list are in the address, like those of all lists. */
function ScanFilters() {
  const { t } = useTranslation('scans');
  const [kind, setKind] = useUrlState('kind');
  const [state, setState] = useUrlState('state');
  const [name, setName] = useUrlState('name');
  const [draft, setDraft] = useState(name);
  useEffect(() => setDraft(name), [name]);
  const settle = useDebouncedCallback((text: string) => setName(text.trim()), pauseMs);
  return (
    <search className={classes.filters}>
      <TextInput
        className={classes.text ?? ''}
        aria-label={t('filter.name')}
        placeholder={t('filter.name')}
        leftSection={<IconSearch size={16} />}
        value={draft}
        maxLength={200}
        onChange={(event) => {
          setDraft(event.currentTarget.value);
          settle(event.currentTarget.value);
        }}
      />
      <Select
        className={classes.filter ?? ''}
        aria-label={t('filter.kind')}
        value={kind}
        onChange={(value) => setKind(value ?? '', { push: true })}
        data={[
          { value: '', label: t('filter.anyKind') },
          ...kinds.map((value) => ({ value, label: t(`kind.${value}`) })),
        ]}
      />
      <Select
        className={classes.filter ?? ''}
        aria-label={t('filter.state')}
        value={state}
        onChange={(value) => setState(value ?? '', { push: true })}
        data={[
          { value: '', label: t('filter.anyState') },
          ...states.map((value) => ({ value, label: t(`state.${value}`) })),
        ]}
      />
    </search>
  );
}
