import { Button, Modal, TextInput } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { FormDialog } from '../../components/feedback/form-dialog.tsx';
import { FormButtons } from '../../components/feedback/form-parts.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import classes from './access.module.css';
import { draftOfStatements, isSound, StatementsEditor, statementsOf } from './statements-editor.tsx';

type Policy = Schema<'Policy'>;

/** A policy that is looked at (`name`), or one to be made (`name` empty), from another one if there is one. */
export interface PolicyDraft {
  readonly name: string;
  readonly from: Policy | null;
}

interface PolicyDialogProps {
  readonly draft: PolicyDraft;
  readonly policies: readonly Policy[];
  readonly close: () => void;
  readonly open: (draft: PolicyDraft) => void;
}

const nameShape = /^[\w.-]{1,100}$/;
const empty = [{ effect: 'Allow' as const, actions: [] }];

/** One policy: its statements, to be changed if it is an own one. */
export function PolicyDialog({ draft, policies, close, open }: PolicyDialogProps) {
  const { t } = useTranslation('access');
  const { mayEverywhere } = useSession();
  const isNew = draft.name === '';
  const [name, setName] = useState(draft.name);
  const [statements, setStatements] = useState(() => draftOfStatements(draft.from?.statements ?? empty));
  const path = { name };
  const before = policies.find((policy) => policy.name === name);
  const put = (body: { statements: ReturnType<typeof statementsOf> }) =>
    api.PUT('/api/v1/policies/{name}', { params: { path }, body });
  const save = useChange({
    run: () => put({ statements: statementsOf(statements) }),
    touches: ['/api/v1/policies'],
    quiet: true,
    done: () => ({
      text: t('policy.saved', { name }),
      undo: () =>
        before === undefined
          ? api.DELETE('/api/v1/policies/{name}', { params: { path } })
          : put({ statements: before.statements }),
    }),
    after: close,
  });
  const mayWrite = mayEverywhere('drydock:policy:write');
  if (!isNew && (draft.from?.builtIn === true || !mayWrite)) {
    return (
      <Modal opened onClose={close} size="xl" title={t('policy.editTitle', { name })}>
        <div className={classes.secret}>
          {draft.from?.builtIn === true && <p className={classes.hint}>{t('policy.builtInHint')}</p>}
          <StatementsEditor statements={statements} />
          {mayWrite && (
            <FormButtons>
              <Button leftSection={<IconCopy size={16} />} onClick={() => open({ name: '', from: draft.from })}>
                {t('policy.copyAs')}
              </Button>
            </FormButtons>
          )}
        </div>
      </Modal>
    );
  }
  const taken = isNew && before?.builtIn === true;
  return (
    <FormDialog
      title={isNew ? t('policy.addTitle') : t('policy.editTitle', { name })}
      opened
      size="xl"
      onClose={close}
      onSubmit={() => save.mutate()}
      submit={t('policy.save')}
      pending={save.isPending}
      error={save.error}
      disabled={!nameShape.test(name) || taken || !isSound(statements)}
    >
      {isNew && (
        <TextInput
          data-autofocus
          label={t('policy.name')}
          description={t('policy.nameHint')}
          value={name}
          maxLength={100}
          spellCheck={false}
          error={taken ? t('policy.nameTaken') : name !== '' && !nameShape.test(name)}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      )}
      <StatementsEditor statements={statements} onChange={setStatements} />
    </FormDialog>
  );
}
