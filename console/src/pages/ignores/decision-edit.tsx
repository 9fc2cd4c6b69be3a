import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { FormButtons, FormError } from '../../components/feedback/form-parts.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import { IgnoreEndField } from '../../components/ignore/ignore-end-field.tsx';
import { dayFromNow, endOfDay, type IgnoreEnd, isOfRisks } from '../../components/ignore/ignore-order.ts';
import { ReasonField } from '../../components/ignore/reason-field.tsx';
import { decisionTouches } from '../../components/ignore/touches.ts';
import classes from './ignores.module.css';

type Decision = Schema<'Decision'>;
type Change = Pick<Decision, 'reason' | 'expiresAt' | 'expiresWhen'>;

const usualDays = 90;

function endOf({ expiresAt, expiresWhen }: Change): { readonly end: IgnoreEnd; readonly lastDay: string } {
  if (expiresAt === null) return { end: expiresWhen === 'any_fix' ? 'fix' : 'never', lastDay: dayFromNow(usualDays) };
  const day = new Date(expiresAt);
  const today = new Date();
  const midnight = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  return { end: 'date', lastDay: dayFromNow(Math.round((midnight(day) - midnight(today)) / 86_400_000)) };
}

/** Changes why and until when a decision holds; the toast takes it back. */
export function DecisionEdit({ decision, close }: { readonly decision: Decision; readonly close: () => void }) {
  const { t } = useTranslation(['ignores', 'common']);
  const [reason, setReason] = useState(decision.reason);
  const before = endOf(decision);
  const [choice, setChoice] = useState(before);
  const kind = decision.kind === 'vex' ? 'ignore' : decision.kind;
  const patch = (body: Change) =>
    api.PATCH('/api/v1/decisions/{id}', { params: { path: { id: String(decision.id) } }, body });
  const save = useChange<Change>({
    run: patch,
    touches: decisionTouches,
    done: () => ({
      text: t('changed'),
      undo: () => patch({ reason: decision.reason, expiresAt: decision.expiresAt, expiresWhen: decision.expiresWhen }),
    }),
    after: close,
    quiet: true,
  });
  const sameEnd = choice.end === before.end && choice.lastDay === before.lastDay;
  const submit = (): void => {
    const expiresAt = choice.end === 'date' ? endOfDay(choice.lastDay) : null;
    if (reason.trim() === '' || (choice.end === 'date' && expiresAt === null)) return;
    const end: Pick<Change, 'expiresAt' | 'expiresWhen'> = sameEnd
      ? decision
      : { expiresAt, expiresWhen: choice.end === 'fix' && !isOfRisks(kind) ? 'any_fix' : 'none' };
    save.mutate({ reason: reason.trim(), expiresAt: end.expiresAt, expiresWhen: end.expiresWhen });
  };
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <ReasonField value={reason} onChange={setReason} missing={reason.trim() === ''} />
      <IgnoreEndField {...choice} kind={kind} change={(part) => setChoice((old) => ({ ...old, ...part }))} />
      <FormError error={save.error} />
      <FormButtons>
        <Button variant="default" onClick={close}>
          {t('common:cancel')}
        </Button>
        <Button type="submit" loading={save.isPending}>
          {t('common:save')}
        </Button>
      </FormButtons>
    </form>
  );
}
