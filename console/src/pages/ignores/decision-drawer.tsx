import { Button, Drawer } from '@mantine/core';
import { IconArrowBackUp, IconPencil } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api, type Schema } from '../../api/client.ts';
import { Affected } from '../../components/decision/affected.tsx';
import { isOfVulnerabilities } from '../../components/decision/decision-subject.tsx';
import { EndWords } from '../../components/decision/end-words.tsx';
import { useMayDecide } from '../../components/decision/rights.ts';
import { useScopeText } from '../../components/decision/scope-words.tsx';
import { useRevoke } from '../../components/decision/use-revoke.ts';
import { useScopeNames } from '../../components/decision/use-scope-names.ts';
import { FormButtons } from '../../components/feedback/form-parts.tsx';
import { ErrorState } from '../../components/feedback/states.tsx';
import { Facts } from '../../components/page/page.tsx';
import { Time } from '../../components/show/values.tsx';
import { DecisionEdit } from './decision-edit.tsx';
import classes from './ignores.module.css';
import { SubjectList } from './subject-list.tsx';

type Decision = Schema<'Decision'>;

/** One decision in full, beside the list; empty = none. */
export function DecisionDrawer({ id, close }: { readonly id: string; readonly close: () => void }) {
  const { t } = useTranslation(['ignores', 'common']);
  const { data, error } = $api.useQuery(
    'get',
    '/api/v1/decisions/{id}',
    { params: { path: { id } } },
    { enabled: id !== '' },
  );
  return (
    <Drawer
      opened={id !== ''}
      onClose={close}
      size={520}
      title={t('decision')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      {error !== null && data === undefined && <ErrorState error={error} />}
      {data === undefined ? (
        <div className={classes.ghost} hidden={error !== null} />
      ) : (
        <Known key={data.id} decision={data} close={close} />
      )}
    </Drawer>
  );
}

function Known({ decision, close }: { readonly decision: Decision; readonly close: () => void }) {
  const { t } = useTranslation('ignores');
  const [editing, setEditing] = useState(false);
  const scopes = useMemo(() => [decision.scope], [decision]);
  const scopeText = useScopeText(useScopeNames(scopes));
  const mayDecide = useMayDecide();
  const revoke = useRevoke();
  const { kind, vulnerabilities, reason, title, author, source, createdAt, updatedAt, verdict, conditions } = decision;
  if (editing) return <DecisionEdit decision={decision} close={() => setEditing(false)} />;
  return (
    <div className={classes.form}>
      <p className={classes.reason}>
        <bdi>{reason}</bdi>
      </p>
      <Facts
        items={[
          [t('column.kind'), t(`kind.${kind}`)],
          verdict === undefined ? null : [t('dialog.verdict'), t(`verdict.${verdict}`)],
          [t('column.scope'), <bdi key="scope">{scopeText(decision)}</bdi>],
          [t('column.findings'), <Affected key="affected" decision={decision} long />],
          [t('column.end'), <EndWords key="end" decision={decision} />],
          [t('column.author'), <bdi key="author">{author}</bdi>],
          [t('column.createdAt'), <Time key="created" at={createdAt} exact />],
          createdAt === updatedAt ? null : [t('column.updatedAt'), <Time key="updated" at={updatedAt} exact />],
          [t('column.source'), <bdi key="source">{source}</bdi>],
          title === null || title === '' ? null : [t('column.title'), <bdi key="title">{title}</bdi>],
        ]}
      />
      {(conditions ?? []).map(({ field, op, value }) => (
        <p key={`${field}${op}${value}`} className={classes.condition}>
          {t(`condition.${field}.${op}`)} <bdi className="mono">{value}</bdi>
        </p>
      ))}
      <SubjectList ids={vulnerabilities} ofVulnerabilities={isOfVulnerabilities(decision)} />
      {mayDecide(decision) && (
        <FormButtons>
          <Button
            variant="default"
            leftSection={<IconArrowBackUp size={16} />}
            onClick={() => {
              // Closed first: what is revoked cannot be shown any more.
              close();
              revoke.mutate([decision]);
            }}
          >
            {t('revoke')}
          </Button>
          <Button leftSection={<IconPencil size={16} />} onClick={() => setEditing(true)} data-autofocus>
            {t('edit')}
          </Button>
        </FormButtons>
      )}
    </div>
  );
}
