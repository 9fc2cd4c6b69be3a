import { Button, Switch } from '@mantine/core';
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

type Change = Partial<Pick<Schema<'RuleSelection'>, 'selected' | 'enableNew'>>;

const touches = ['/api/v1/scan-choices'];

/** Which rules of secrets or of build instructions scans use. */
export function RulesTab({ kind }: { readonly kind: 'sensitive' | 'instruction' }) {
  const { t } = useTranslation('policies');
  const { mayEverywhere } = useSession();
  const mayWrite = mayEverywhere('drydock:scan:configure');
  const rules = useRules(kind);
  const path = { kind };
  const { data, error, refetch } = $api.useQuery('get', '/api/v1/scan-choices/rules/{kind}', { params: { path } });
  const [draft, setDraft] = useState<ReadonlySet<string> | null>(null);
  const put = (body: Change) => api.PUT('/api/v1/scan-choices/rules/{kind}', { params: { path }, body });
  const save = useChange<Change>({
    run: put,
    touches,
    done: () => ({
      text: t('rules.saved'),
      ...(data === undefined ? {} : { undo: () => put({ selected: data.selected, enableNew: data.enableNew }) }),
    }),
    after: () => setDraft(null),
  });
  if (data === undefined && error !== null) return <ErrorState error={error} retry={() => void refetch()} />;
  return (
    <>
      {kind === 'sensitive' && <SensitiveSwitch mayWrite={mayWrite} />}
      <Panel
        title={t(`tab.${kind}`)}
        aside={
          mayWrite ? (
            <>
              <Switch
                size="sm"
                label={t('rules.enableNew')}
                checked={data?.enableNew ?? false}
                onChange={(event) => save.mutate({ enableNew: event.currentTarget.checked })}
              />
              {draft !== null && (
                <Button variant="default" size="compact-sm" onClick={() => setDraft(null)}>
                  {t('strategy.discard')}
                </Button>
              )}
              <Button
                size="compact-sm"
                disabled={draft === null}
                loading={save.isPending}
                onClick={() => save.mutate({ selected: [...(draft ?? [])] })}
              >
                {t('rules.save')}
              </Button>
            </>
          ) : (
            t('mayNot')
          )
        }
      >
        <div className={classes.stack}>
          <p className={classes.hint}>{t('holds')}</p>
          <RuleChecklist
            label={t(`tab.${kind}`)}
            rules={rules}
            selected={draft ?? new Set(data?.selected)}
            onChange={mayWrite ? setDraft : undefined}
          />
        </div>
      </Panel>
    </>
  );
}

function SensitiveSwitch({ mayWrite }: { readonly mayWrite: boolean }) {
  const { t } = useTranslation('policies');
  const { data } = $api.useQuery('get', '/api/v1/scan-choices/sensitive-scan');
  const put = (on: boolean) => api.PUT('/api/v1/scan-choices/sensitive-scan', { body: { on } });
  const change = useChange<boolean>({
    run: put,
    touches,
    done: (_, on) => ({ text: t(on ? 'sensitiveScan.on' : 'sensitiveScan.off'), undo: () => put(!on) }),
  });
  return (
    <Panel>
      <Switch
        label={t('sensitiveScan.label')}
        checked={change.isPending ? change.variables : (data?.on ?? false)}
        disabled={!mayWrite || data === undefined}
        onChange={(event) => change.mutate(event.currentTarget.checked)}
      />
    </Panel>
  );
}
