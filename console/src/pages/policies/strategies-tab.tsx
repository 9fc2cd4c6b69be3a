import { Button, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api, api, type Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { ErrorState } from '../../components/feedback/states.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import { Panel } from '../../components/page/page.tsx';
import classes from './policies.module.css';
import { RuleChecklist } from './rule-checklist.tsx';
import { useRules } from './use-rules.ts';

type Strategy = Schema<'BaselineStrategy'>;
type BuiltIn = 'default' | 'normal' | 'full';

/** What is looked at: a strategy that comes along, an own one, or one that is not saved yet. */
type Choice = { readonly type: BuiltIn } | { readonly type: 'own'; readonly id: number | null };

const builtIn: readonly BuiltIn[] = ['default', 'normal', 'full'];

/** Which checks of the baseline scans ask. */
export function StrategiesTab() {
  const { t } = useTranslation('policies');
  const { mayEverywhere } = useSession();
  const mayWrite = mayEverywhere('drydock:scan:configure');
  const rules = useRules('baseline');
  const { data, error, refetch } = $api.useQuery('get', '/api/v1/scan-choices/strategies');
  const [chosen, setChosen] = useState<Choice | null>(null);
  const [draft, setDraft] = useState<{ readonly name: string; readonly items: ReadonlySet<string> } | null>(null);
  const strategies = data?.items ?? [];
  const active = strategies.find((strategy) => strategy.active);
  const choice: Choice =
    chosen ??
    (active === undefined || active.type !== 'own'
      ? { type: (active?.type ?? 'default') as BuiltIn }
      : { type: 'own', id: active.id });
  const saved = choice.type === 'own' ? strategies.find(({ id }) => id === choice.id) : undefined;
  const items =
    draft?.items ??
    new Set(
      choice.type === 'own'
        ? (saved?.items ?? [])
        : rules.filter(({ askedBy }) => askedBy?.includes(choice.type)).map(({ key }) => key),
    );
  const name = draft?.name ?? saved?.name ?? t('strategy.newName');
  const put = (strategy: Pick<Strategy, 'type'> & Partial<Pick<Strategy, 'id' | 'name' | 'items'>>) =>
    api.PUT('/api/v1/scan-choices/strategies', { body: strategy });
  const use = useChange({
    run: async () => {
      if (choice.type === 'own') {
        const id = choice.id === null ? {} : { id: choice.id };
        return (await put({ ...id, type: 'own', name, items: [...items] })).data;
      }
      const listed = strategies.find(({ type }) => type === choice.type);
      return (await put({ type: choice.type, ...(listed === undefined ? {} : { id: listed.id }) })).data;
    },
    touches: ['/api/v1/scan-choices'],
    done: () => ({
      text: t('strategy.saved', { name: choice.type === 'own' ? name : t(`strategy.${choice.type}`) }),
      ...(active === undefined ? {} : { undo: () => takeBack(active, saved) }),
    }),
    after: () => {
      setDraft(null);
      setChosen(null);
    },
  });
  /** The strategy that was changed gets its items again, and the one that was in use is in use again. */
  const takeBack = async (before: Strategy, changed: Strategy | undefined): Promise<void> => {
    const whole = ({ id, type, name: old, items: keys }: Strategy) =>
      put({ id, type, name: old, ...(type === 'own' ? { items: keys } : {}) });
    if (changed !== undefined && changed.id !== before.id) await whole(changed);
    await whole(before);
    setChosen(null);
  };
  if (data === undefined && error !== null) return <ErrorState error={error} retry={() => void refetch()} />;
  const look = (next: Choice): void => {
    setChosen(next);
    setDraft(next.type === 'own' && next.id === null ? { name: t('strategy.newName'), items } : null);
  };
  const isChosen = (next: Choice): boolean =>
    next.type === choice.type && (next.type !== 'own' || (choice.type === 'own' && next.id === choice.id));
  const own = strategies.filter(({ type }) => type === 'own');
  const inUse = active !== undefined && (choice.type === 'own' ? choice.id === active.id : active.type === choice.type);
  return (
    <div className={classes.columns}>
      <div className={classes.stack} role="group" aria-label={t('strategy.title')}>
        {builtIn.map((type) => (
          <ChoiceButton
            key={type}
            title={t(`strategy.${type}`)}
            hint={t(`strategy.${type}Hint`)}
            checked={isChosen({ type })}
            inUse={active?.type === type}
            onClick={() => look({ type })}
          />
        ))}
        {own.map((strategy) => (
          <ChoiceButton
            key={strategy.id}
            title={strategy.name}
            hint={t('strategy.checks', { count: strategy.items.length })}
            checked={isChosen({ type: 'own', id: strategy.id })}
            inUse={strategy.active}
            onClick={() => look({ type: 'own', id: strategy.id })}
          />
        ))}
        {mayWrite ? (
          <Button variant="subtle" leftSection={<IconPlus size={16} />} onClick={() => look({ type: 'own', id: null })}>
            {t('strategy.add')}
          </Button>
        ) : (
          <p className={classes.hint}>{t('mayNot')}</p>
        )}
        <p className={classes.hint}>{t('holds')}</p>
      </div>
      <Panel
        title={choice.type === 'own' ? name : t(`strategy.${choice.type}`)}
        aside={
          mayWrite && (
            <>
              {draft !== null && (
                <Button variant="default" size="compact-sm" onClick={() => look(chosen ?? choice)}>
                  {t('strategy.discard')}
                </Button>
              )}
              <Button
                size="compact-sm"
                loading={use.isPending}
                disabled={(inUse && draft === null) || (choice.type === 'own' && items.size === 0)}
                onClick={() => use.mutate()}
              >
                {draft === null ? t('strategy.use') : t('strategy.save')}
              </Button>
            </>
          )
        }
      >
        <div className={classes.stack}>
          {choice.type === 'own' && mayWrite && (
            <TextInput
              label={t('strategy.name')}
              value={name}
              maxLength={200}
              onChange={(event) => setDraft({ items, name: event.currentTarget.value })}
            />
          )}
          <RuleChecklist
            label={t('strategy.preview')}
            rules={rules}
            selected={items}
            onChange={choice.type === 'own' && mayWrite ? (next) => setDraft({ name, items: next }) : undefined}
          />
        </div>
      </Panel>
    </div>
  );
}

interface ChoiceButtonProps {
  readonly title: string;
  readonly hint: string;
  readonly checked: boolean;
  readonly inUse: boolean;
  readonly onClick: () => void;
}

function ChoiceButton({ title, hint, checked, inUse, onClick }: ChoiceButtonProps) {
  const { t } = useTranslation('policies');
  return (
    <button type="button" aria-pressed={checked} className={classes.choice} onClick={onClick}>
      <span className={classes.choiceHead}>
        <bdi>{title}</bdi>
        {inUse && <span className={classes.badge}>{t('strategy.inUse')}</span>}
      </span>
      <span className={classes.choiceHint}>{hint}</span>
    </button>
  );
}
