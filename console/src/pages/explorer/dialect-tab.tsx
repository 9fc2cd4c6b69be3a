import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../components/feedback/states.tsx';
import { CredentialsForm, type DialectProps } from './credentials-form.tsx';
import classes from './explorer.module.css';
import { type ListedOperation, OperationList } from './operation-list.tsx';

interface DialectTabProps extends DialectProps {
  /** Undefined as long as they are not known. */
  readonly operations: readonly ListedOperation[] | undefined;
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
  /** The form of the chosen operation; null = there is no such operation. */
  readonly children: ReactNode;
}

/** Operations of a dialect beside the credentials that sign them and the form of the chosen one. */
export function DialectTab(props: DialectTabProps) {
  const { operations, chosen, onChoose, credentials, onCredentials, children } = props;
  const { t } = useTranslation('explorer');
  if (operations === undefined) return <Skeleton height={420} radius={12} />;
  return (
    <div className={classes.columns}>
      <OperationList operations={operations} chosen={chosen} onChoose={onChoose} />
      <div className={classes.main}>
        <CredentialsForm credentials={credentials} onCredentials={onCredentials} />
        {children ?? <EmptyState title={t('choose')} hint={t('chooseHint')} />}
      </div>
    </div>
  );
}
