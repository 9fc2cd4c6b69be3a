import { ActionIcon, Button, SegmentedControl, TagsInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/format.ts';
import classes from './access.module.css';
import { matches, type Statement } from './rights.ts';
import { useKnownActions } from './use-known-actions.ts';

/** A statement while it is written. */
export interface StatementDraft extends Statement {
  readonly key: number;
}

const shape = /^[\w:*-]{1,200}$/;
let keys = 0;

/** Statements to be written on. */
export function draftOfStatements(statements: readonly Statement[]): readonly StatementDraft[] {
  return statements.map(({ effect, actions }) => ({ key: ++keys, effect, actions }));
}

/** What is sent. */
export function statementsOf(draft: readonly StatementDraft[]): { effect: Statement['effect']; actions: string[] }[] {
  return draft.map(({ effect, actions }) => ({ effect, actions: [...actions] }));
}

/** Whether the server would take them. */
export function isSound(draft: readonly StatementDraft[]): boolean {
  return (
    draft.length > 0 &&
    draft.every(({ actions }) => actions.length > 0 && actions.every((action) => shape.test(action)))
  );
}

interface StatementsEditorProps {
  readonly statements: readonly StatementDraft[];
  readonly onChange?: (statements: readonly StatementDraft[]) => void;
}

/** Statements of a policy with the actions there are; without `onChange` only to be read. */
export function StatementsEditor({ statements, onChange }: StatementsEditorProps) {
  const { t } = useTranslation('access');
  const known = useKnownActions();
  const groups = useMemo(
    () => [
      { group: t('rights.native'), items: ['drydock:*', ...known.native] },
      { group: t('rights.alibaba'), items: ['yundun-sas:*', ...known.alibaba] },
      { group: t('rights.huawei'), items: ['hss:*', ...known.huawei] },
    ],
    [t, known],
  );
  const change = (key: number, part: Partial<Statement>): void =>
    onChange?.(statements.map((one) => (one.key === key ? { ...one, ...part } : one)));
  return (
    <div className={classes.rows}>
      {statements.map((statement, index) => (
        <div key={statement.key} className={classes.statement}>
          <div className={classes.statementHead}>
            <span>{t('policy.statement', { number: index + 1 })}</span>
            {onChange !== undefined && statements.length > 1 && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('policy.removeStatement', { number: index + 1 })}
                onClick={() => onChange(statements.filter(({ key }) => key !== statement.key))}
              >
                <IconTrash size={16} />
              </ActionIcon>
            )}
          </div>
          <SegmentedControl
            size="xs"
            w={200}
            aria-label={t('policy.effect')}
            readOnly={onChange === undefined}
            value={statement.effect}
            onChange={(effect) => change(statement.key, { effect: effect as Statement['effect'] })}
            data={[
              { value: 'Allow', label: t('policy.allow') },
              { value: 'Deny', label: t('policy.deny') },
            ]}
          />
          <TagsInput
            label={t('policy.actionsLabel')}
            {...(onChange === undefined ? {} : { description: t('policy.actionsHint') })}
            readOnly={onChange === undefined}
            data={groups}
            limit={60}
            maxDropdownHeight={280}
            value={[...statement.actions]}
            splitChars={[',', ' ', '\n']}
            onChange={(actions) => change(statement.key, { actions })}
          />
          {onChange !== undefined && <Remarks actions={statement.actions} />}
        </div>
      ))}
      {onChange !== undefined && (
        <div>
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPlus size={15} />}
            onClick={() => onChange([...statements, { key: ++keys, effect: 'Allow', actions: [] }])}
          >
            {t('policy.addStatement')}
          </Button>
        </div>
      )}
    </div>
  );
}

/** What a statement reaches, so that a typing error is seen before it allows nothing. */
function Remarks({ actions }: { readonly actions: readonly string[] }) {
  const { t } = useTranslation('access');
  const format = useFormat();
  const { native, alibaba, huawei } = useKnownActions();
  const all = [...native, ...alibaba, ...huawei];
  const bad = actions.filter((action) => !shape.test(action));
  const count = all.filter((action) => actions.some((pattern) => matches(pattern, action))).length;
  const lost = actions.filter(
    (pattern) => shape.test(pattern) && all.length > 0 && !all.some((action) => matches(pattern, action)),
  );
  return (
    <>
      {bad.length > 0 && <p className={classes.bad}>{t('policy.badShape', { patterns: format.list(bad) })}</p>}
      {lost.length > 0 && <p className={classes.warn}>{t('policy.matchesNone', { patterns: format.list(lost) })}</p>}
      {count > 0 && <span className={classes.quiet}>{t('policy.matches', { count })}</span>}
    </>
  );
}
