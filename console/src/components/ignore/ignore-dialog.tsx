import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { FormButtons, FormError } from '../feedback/form-parts.tsx';
import { useChange } from '../feedback/use-change.ts';
import classes from './ignore.module.css';
import { IgnoreEndField } from './ignore-end-field.tsx';
import { IgnoreForm } from './ignore-form.tsx';
import { type IgnoreKind, type IgnoreSubject, orderOf } from './ignore-order.ts';
import { IgnorePreview } from './ignore-preview.tsx';
import { decisionTouches } from './touches.ts';
import { type IgnorePlace, useDraft } from './use-draft.ts';

interface IgnoreDialogProps {
  readonly opened: boolean;
  readonly close: () => void;
  /** Ids or keys of vulnerabilities, items of checks, rules; empty = all of the place that the user chooses. */
  readonly vulnerabilities: readonly string[];
  /** Where the user comes from: offered as the place of the decision. */
  readonly image?: IgnorePlace | undefined;
  /** Names of packages that are offered as the place of the decision. */
  readonly packages?: readonly string[] | undefined;
  /** Only findings of system packages, or of application packages. */
  readonly findingKind?: 'cve' | 'sca' | null | undefined;
  /** What the decision is about; `ignore` (vulnerabilities) unless given. */
  readonly kind?: IgnoreKind | undefined;
  readonly after?: ((decision: Schema<'Decision'>) => void) | undefined;
}

/** Asks where, why and until when findings are ignored, shows how many that are, and does it; the toast takes it back. */
export function IgnoreDialog(props: IgnoreDialogProps) {
  const { opened, close } = props;
  const { t } = useTranslation(['ignores', 'common']);
  return (
    <Modal
      opened={opened}
      onClose={close}
      size={560}
      title={<TitleText ids={props.vulnerabilities} />}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      {/* Each opening begins anew. */}
      <IgnoreBody {...props} />
    </Modal>
  );
}

function TitleText({ ids }: { readonly ids: readonly string[] }) {
  const { t } = useTranslation(['ignores', 'common']);
  const [only] = ids;
  if (only === undefined) return <>{t('dialog.titleAll')}</>;
  if (ids.length > 1) return <>{t('dialog.titleMany', { count: ids.length })}</>;
  return <bdi>{t('dialog.titleOne', { id: only })}</bdi>;
}

const namedIds = 6;

function IgnoreBody(props: IgnoreDialogProps) {
  const { close, vulnerabilities, image, packages = [], findingKind = null, kind = 'ignore', after } = props;
  const { t } = useTranslation(['ignores', 'common']);
  const subject: IgnoreSubject = { kind, vulnerabilities, findingKind };
  const { draft, change, reaches, projects } = useDraft(subject, image, packages);
  const [asked, setAsked] = useState(false);
  const order = orderOf(subject, draft);
  const reason = draft.reason.trim();
  const ignore = useChange<Schema<'NewDecisionInput'>, Schema<'Decision'> | undefined>({
    run: async (body) => (await api.POST('/api/v1/decisions', { body })).data,
    touches: decisionTouches,
    done: (made) =>
      made && {
        text: t('dialog.done'),
        undo: () => api.DELETE('/api/v1/decisions/{id}', { params: { path: { id: String(made.id) } } }),
      },
    after: (made) => {
      close();
      if (made !== undefined) after?.(made);
    },
    quiet: true,
  });
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(true);
        if (order !== null && reason !== '' && !ignore.isPending) ignore.mutate({ ...order, reason });
      }}
    >
      {vulnerabilities.length > 1 && (
        <p className={classes.ids}>
          <bdi>{vulnerabilities.slice(0, namedIds).join(', ')}</bdi>
          {vulnerabilities.length > namedIds && ` ${t('dialog.moreIds', { count: vulnerabilities.length - namedIds })}`}
        </p>
      )}
      <IgnoreForm
        draft={draft}
        change={change}
        reaches={reaches}
        projects={projects}
        image={image}
        kind={kind}
        asked={asked}
      />
      <IgnoreEndField kind={kind} end={draft.end} lastDay={draft.lastDay} change={change} />
      <IgnorePreview order={order} />
      <FormError error={ignore.error} />
      <FormButtons>
        <Button variant="default" onClick={close}>
          {t('common:cancel')}
        </Button>
        <Button type="submit" loading={ignore.isPending}>
          {t('dialog.submit')}
        </Button>
      </FormButtons>
    </form>
  );
}
