import { Skeleton } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type Operation, useDescription } from '../../api/description.ts';
import { useUrlState } from '../../app/url-state.ts';
import { EmptyState, ErrorState } from '../../components/feedback/states.tsx';
import classes from './explorer.module.css';
import { NativeOperation } from './native-operation.tsx';
import { OperationList } from './operation-list.tsx';

/** An operation of the native API with its address. */
export interface NativeCall {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** The operations of the native API, called as the user. */
export function NativeTab() {
  const { t } = useTranslation('explorer');
  const { data, error, refetch } = useDescription();
  const [chosen, setChosen] = useUrlState('op');
  const calls = useMemo<readonly NativeCall[]>(
    () =>
      Object.entries(data?.paths ?? {})
        .flatMap(([path, methods]) =>
          Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
        )
        .sort((a, b) => (a.operation.tags?.[0] ?? '').localeCompare(b.operation.tags?.[0] ?? '')),
    [data],
  );
  if (data === undefined) {
    return error === null ? (
      <Skeleton height={420} radius={12} />
    ) : (
      <ErrorState error={error} retry={() => void refetch()} />
    );
  }
  const call = calls.find(({ operation }) => operation.operationId === chosen);
  return (
    <div className={classes.columns}>
      <OperationList
        operations={calls.map(({ method, path, operation }) => ({
          id: operation.operationId,
          text: path.replace('/api/v1', ''),
          aside: operation.summary,
          method,
          group: operation.tags?.[0],
        }))}
        lang="en"
        chosen={chosen}
        onChoose={(id) => setChosen(id, { push: true })}
      />
      {call === undefined ? (
        <EmptyState title={t('choose')} hint={t('chooseHint')} />
      ) : (
        <NativeOperation key={chosen} call={call} schemas={data.components.schemas} />
      )}
    </div>
  );
}
