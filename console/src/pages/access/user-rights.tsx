import { ActionIcon, Button, Select } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import { Panel } from '../../components/page/page.tsx';
import classes from './access.module.css';
import { EffectiveRights } from './effective-rights.tsx';
import { ProjectsField, type Scope } from './scope-fields.tsx';
import type { AccessFacts } from './use-access.ts';

interface Draft {
  readonly key: number;
  readonly policy: string;
  readonly projects: Scope;
}

interface UserRightsProps {
  readonly user: Schema<'User'>;
  readonly facts: AccessFacts;
}

let keys = 0;
const draftOf = (grants: readonly Schema<'Grant'>[]): readonly Draft[] =>
  grants.map(({ policy, projects }) => ({ key: ++keys, policy, projects }));
const grantsOf = (draft: readonly Draft[]) =>
  draft.map(({ policy, projects }) => ({ policy, projects: projects === 'all' ? ('all' as const) : [...projects] }));

/** The policies of a user, to be changed, and what follows from them. */
export function UserRights({ user, facts }: UserRightsProps) {
  const { t } = useTranslation('access');
  const { mayEverywhere: may } = useSession();
  const mayChange = may('drydock:user:write');
  const [draft, setDraft] = useState<readonly Draft[] | null>(null);
  const saved = useMemo(() => draftOf(user.grants), [user.grants]);
  const rows = draft ?? saved;
  const put = (grants: ReturnType<typeof grantsOf>) =>
    api.PUT('/api/v1/users/{id}/grants', { params: { path: { id: String(user.id) } }, body: { grants } });
  const save = useChange({
    run: () => put(grantsOf(rows)),
    touches: ['/api/v1/users'],
    done: () => ({ text: t('grants.saved', { name: user.name }), undo: () => put(grantsOf(saved)) }),
    after: () => setDraft(null),
  });
  const change = (key: number, part: Partial<Draft>): void =>
    setDraft(rows.map((row) => (row.key === key ? { ...row, ...part } : row)));
  const incomplete = rows.some(({ projects }) => projects !== 'all' && projects.length === 0);
  return (
    <>
      <Panel title={t('grants.title')}>
        <div className={classes.rows}>
          <p className={classes.hint}>{t('grants.hint')}</p>
          {rows.length === 0 && <p className={classes.hint}>{t('grants.none')}</p>}
          {rows.map((row) => (
            <div key={row.key} className={classes.row}>
              <Select
                aria-label={t('grants.policy')}
                data={[...new Set([row.policy, ...facts.policies.map(({ name }) => name)])]}
                value={row.policy}
                searchable
                disabled={!mayChange}
                onChange={(policy) => policy !== null && change(row.key, { policy })}
              />
              <Select
                aria-label={t('grants.where')}
                disabled={!mayChange}
                value={row.projects === 'all' ? 'all' : 'some'}
                data={[
                  { value: 'all', label: t('scopeAll') },
                  { value: 'some', label: t('scopeSome') },
                ]}
                onChange={(value) => change(row.key, { projects: value === 'all' ? 'all' : [] })}
              />
              {row.projects === 'all' ? (
                <span />
              ) : (
                <ProjectsField
                  scope={row.projects}
                  facts={facts}
                  onChange={(projects) => change(row.key, { projects })}
                />
              )}
              {mayChange && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size={36}
                  aria-label={t('grants.removeOf', { policy: row.policy })}
                  onClick={() => setDraft(rows.filter(({ key }) => key !== row.key))}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              )}
            </div>
          ))}
        </div>
        {mayChange && (
          <div className={classes.foot}>
            <Button
              variant="subtle"
              leftSection={<IconPlus size={16} />}
              onClick={() => setDraft([...rows, { key: ++keys, policy: 'viewer', projects: 'all' }])}
            >
              {t('grants.add')}
            </Button>
            {draft !== null && (
              <Button variant="default" onClick={() => setDraft(null)}>
                {t('grants.reset')}
              </Button>
            )}
            <Button disabled={draft === null || incomplete} loading={save.isPending} onClick={() => save.mutate()}>
              {t('grants.save')}
            </Button>
          </div>
        )}
      </Panel>
      <EffectiveRights name={user.name} grants={rows} facts={facts} />
    </>
  );
}
