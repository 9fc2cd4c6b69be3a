import { SegmentedControl, TagsInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useUrlState } from '../../app/url-state.ts';
import { SignedCall } from './call-parts.tsx';
import type { DialectProps } from './credentials-form.tsx';
import { DialectTab } from './dialect-tab.tsx';
import classes from './explorer.module.css';
import type { Moment } from './signature-panel.tsx';
import { signAcs3 } from './signing/acs3.ts';
import type { Pairs } from './signing/primitives.ts';

interface Action {
  readonly name: string;
  readonly level: string;
  readonly parameters: readonly { readonly name: string; readonly type: string; readonly required: boolean }[];
}

/** The operations of the Alibaba dialect, signed in the browser. */
export function AlibabaTab({ credentials, onCredentials }: DialectProps) {
  const { t } = useTranslation('explorer');
  const [chosen, setChosen] = useUrlState('action', 'DescribeImageInstances');
  const { data } = useQuery<readonly Action[]>({
    queryKey: ['alibaba-actions'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => (await import('../../data/alibaba-actions.json')).default,
  });
  const action = data?.find(({ name }) => name === chosen);
  const operations = data
    ?.map(({ name, level }) => ({ id: name, text: name, group: level === 'write' ? t('changes') : t('reads') }))
    .sort((a, b) => b.group.localeCompare(a.group) || a.text.localeCompare(b.text));
  return (
    <DialectTab
      credentials={credentials}
      onCredentials={onCredentials}
      operations={operations}
      chosen={chosen}
      onChoose={(id) => setChosen(id, { push: true })}
    >
      {action === undefined ? null : <ActionForm key={action.name} action={action} credentials={credentials} />}
    </DialectTab>
  );
}

/** What lists begin with. */
const usual: Readonly<Record<string, string>> = { CurrentPage: '1', PageSize: '20' };

function firstValues({ parameters }: Action): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    parameters.flatMap(({ name }) => (usual[name] === undefined ? [] : [[name, [usual[name]]] as const])),
  );
}

function ActionForm({
  action,
  credentials,
}: {
  readonly action: Action;
  readonly credentials: DialectProps['credentials'];
}) {
  const { t } = useTranslation('explorer');
  const [values, setValues] = useState<Readonly<Record<string, readonly string[]>>>(() => firstValues(action));
  const [place, setPlace] = useState('query');
  const { accessKeyId, secret, securityToken } = credentials;
  const sign = useCallback(
    (moment: Moment) => {
      const pairs: Pairs = action.parameters.flatMap(({ name, type }) => {
        const given = (values[name] ?? []).filter((value) => value !== '');
        return type.endsWith('[]')
          ? given.map((value, index) => [`${name}.${index + 1}`, value] as const)
          : given.slice(0, 1).map((value) => [name, value] as const);
      });
      const parts = place === 'form' ? { query: [], form: pairs } : { query: pairs };
      return signAcs3({
        ...{ accessKeyId, secret, host: location.host, action: action.name },
        ...(securityToken === '' ? {} : { securityToken }),
        ...parts,
        ...moment,
      });
    },
    [action, values, place, accessKeyId, secret, securityToken],
  );
  const set = (name: string, value: readonly string[]): void => setValues({ ...values, [name]: value });
  return (
    <SignedCall
      title={action.name}
      writes={action.level === 'write'}
      credentials={credentials}
      sign={sign}
      beside={
        <>
          <span className={classes.hint} data-push>
            {t('sendAs')}
          </span>
          <SegmentedControl
            size="xs"
            aria-label={t('sendAs')}
            value={place}
            onChange={setPlace}
            data={[
              { value: 'query', label: t('inQuery') },
              { value: 'form', label: t('inForm') },
            ]}
          />
        </>
      }
    >
      {action.parameters.length === 0 && <p className={classes.hint}>{t('noParameters')}</p>}
      <div className={classes.fields}>
        {action.parameters.map(({ name, type, required }) =>
          type.endsWith('[]') ? (
            <TagsInput
              key={name}
              label={name}
              description={t('list')}
              withAsterisk={required}
              value={[...(values[name] ?? [])]}
              onChange={(value) => set(name, value)}
            />
          ) : (
            <TextInput
              key={name}
              label={name}
              description={type}
              withAsterisk={required}
              spellCheck={false}
              autoComplete="off"
              value={values[name]?.[0] ?? ''}
              onChange={(event) => set(name, [event.currentTarget.value])}
            />
          ),
        )}
      </div>
    </SignedCall>
  );
}
