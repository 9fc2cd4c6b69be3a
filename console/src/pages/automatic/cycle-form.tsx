import { Button, NumberInput, Switch, TagsInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api, api, type Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { FormError } from '../../components/feedback/form-parts.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import { Panel } from '../../components/page/page.tsx';
import { Status } from '../../components/show/status.tsx';
import { Time } from '../../components/show/values.tsx';
import { quoted } from '../../filter/terms.ts';
import classes from './automatic.module.css';
import { Matches } from './matches.tsx';

type Cycle = Schema<'FixCycle'>;
type Change = Partial<Pick<Cycle, 'enabled' | 'everyDays' | 'repositories' | 'imageDays'>>;

const pauseMs = 250;

/** Shows and changes automatic fixing; each change can be taken back. */
export function CycleForm({ cycle }: { readonly cycle: Cycle }) {
  const { t } = useTranslation(['fixes', 'common']);
  const { may } = useSession();
  const [everyDays, setEveryDays] = useState<number | string>(cycle.everyDays);
  const [imageDays, setImageDays] = useState<number | string>(cycle.imageDays);
  const [repositories, setRepositories] = useState<readonly string[]>(cycle.repositories);
  const change = useCycleChange(cycle);
  const allowed = may('drydock:fix:configure');
  const draft = { everyDays: Number(everyDays), imageDays: Number(imageDays), repositories: [...repositories] };
  const differs =
    draft.everyDays !== cycle.everyDays ||
    draft.imageDays !== cycle.imageDays ||
    draft.repositories.join('\n') !== cycle.repositories.join('\n');
  const valid = everyDays !== '' && imageDays !== '' && draft.everyDays >= 1;
  const revert = (): void => {
    setEveryDays(cycle.everyDays);
    setImageDays(cycle.imageDays);
    setRepositories(cycle.repositories);
  };
  return (
    <div className={classes.columns}>
      <Panel>
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            if (differs && valid) change.mutate(draft);
          }}
        >
          <Switch
            size="md"
            label={t('auto.enable')}
            description={t('auto.enableHint')}
            checked={cycle.enabled}
            disabled={!allowed || change.isPending}
            onChange={(event) => change.mutate({ enabled: event.currentTarget.checked })}
          />
          <RepositoriesField value={repositories} onChange={setRepositories} disabled={!allowed} />
          <div className={classes.numbers}>
            <NumberInput
              label={t('auto.every')}
              description={t('auto.everyHint')}
              suffix={` ${t('auto.days', { count: draft.everyDays })}`}
              min={1}
              max={365}
              allowDecimal={false}
              value={everyDays}
              disabled={!allowed}
              onChange={setEveryDays}
            />
            <NumberInput
              label={t('auto.age')}
              description={t('auto.ageHint')}
              suffix={` ${t('auto.days', { count: draft.imageDays })}`}
              min={0}
              max={3650}
              allowDecimal={false}
              value={imageDays}
              disabled={!allowed}
              onChange={setImageDays}
            />
          </div>
          <FormError error={change.error} />
          {allowed ? (
            <div className={classes.buttons}>
              <Button type="submit" disabled={!differs || !valid} loading={change.isPending}>
                {t('auto.save')}
              </Button>
              <Button variant="subtle" color="gray" disabled={!differs} onClick={revert}>
                {t('auto.revert')}
              </Button>
              {differs && <span className={classes.quiet}>{t('auto.unsaved')}</span>}
            </div>
          ) : (
            <p className={classes.quiet}>{t('common:notAllowed', { action: 'drydock:fix:configure' })}</p>
          )}
        </form>
      </Panel>
      <div className={classes.side}>
        <Panel title={t('auto.state')}>
          <dl className={classes.facts}>
            <dt>{t('auto.state')}</dt>
            <dd>
              <Status tone={cycle.enabled ? 'good' : 'quiet'} label={cycle.enabled ? t('auto.on') : t('auto.off')} />
            </dd>
            <dt>{t('auto.next')}</dt>
            <dd>{cycle.nextRunAt === null ? t('auto.notPlanned') : <Time at={cycle.nextRunAt} />}</dd>
            <dt>{t('auto.last')}</dt>
            <dd>
              <Time at={cycle.lastRunAt} />
            </dd>
          </dl>
          <p className={classes.quiet}>{t('auto.strategy')}</p>
        </Panel>
        <Matches repositories={repositories} imageDays={draft.imageDays} />
      </div>
    </div>
  );
}

/** Changes the cycle; undo writes what there was before. */
function useCycleChange(before: Cycle) {
  const { t } = useTranslation('fixes');
  const write = (body: Change) => api.PATCH('/api/v1/fix-cycle', { body });
  return useChange<Change>({
    run: write,
    touches: ['/api/v1/fix-cycle'],
    quiet: true,
    done: (_, change) => ({
      text:
        change.enabled === undefined ? t('auto.saved') : change.enabled ? t('auto.switchedOn') : t('auto.switchedOff'),
      undo: () =>
        write(
          change.enabled === undefined
            ? { everyDays: before.everyDays, imageDays: before.imageDays, repositories: [...before.repositories] }
            : { enabled: before.enabled },
        ),
    }),
  });
}

function RepositoriesField({
  value,
  onChange,
  disabled,
}: {
  readonly value: readonly string[];
  readonly onChange: (value: readonly string[]) => void;
  readonly disabled: boolean;
}) {
  const { t } = useTranslation('fixes');
  const [text, setText] = useState('');
  const [settled] = useDebouncedValue(text.trim(), pauseMs);
  const found = $api.useQuery('get', '/api/v1/repositories', {
    params: { query: { limit: '50', ...(settled === '' ? {} : { q: `repository:*${quoted(settled)}*` }) } },
  });
  return (
    <TagsInput
      label={t('auto.repositories')}
      description={t('auto.repositoriesHint')}
      placeholder={value.length === 0 ? t('auto.repositoriesPlaceholder') : ''}
      data={[...new Set(found.data?.items.map(({ path }) => path))]}
      value={[...value]}
      onChange={(next) => onChange(next)}
      searchValue={text}
      onSearchChange={setText}
      disabled={disabled}
      maxTags={1000}
      acceptValueOnBlur
    />
  );
}
