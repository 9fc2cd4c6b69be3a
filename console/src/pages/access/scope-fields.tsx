import { MultiSelect, SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './access.module.css';
import type { AccessFacts } from './use-access.ts';

/** Where a policy holds. */
export type Scope = 'all' | readonly number[];

interface ScopeFieldsProps {
  readonly label: string;
  readonly scope: Scope;
  readonly onChange: (scope: Scope) => void;
  readonly facts: AccessFacts;
}

/** Chooses all projects, or some of them. */
export function ScopeFields({ label, scope, onChange, facts }: ScopeFieldsProps) {
  const { t } = useTranslation('access');
  return (
    <div className={classes.rows}>
      <SegmentedControl
        aria-label={label}
        value={scope === 'all' ? 'all' : 'some'}
        onChange={(value) => onChange(value === 'all' ? 'all' : [])}
        data={[
          { value: 'all', label: t('scopeAll') },
          { value: 'some', label: t('scopeSome') },
        ]}
      />
      {scope !== 'all' && <ProjectsField scope={scope} onChange={onChange} facts={facts} />}
    </div>
  );
}

/** Chooses projects by their names. */
export function ProjectsField({
  scope,
  onChange,
  facts,
}: {
  readonly scope: readonly number[];
  readonly onChange: (scope: readonly number[]) => void;
  readonly facts: AccessFacts;
}) {
  const { t } = useTranslation('access');
  return (
    <MultiSelect
      aria-label={t('chooseProjects')}
      placeholder={scope.length === 0 ? t('chooseProjects') : ''}
      searchable
      data={facts.projects.map(({ id, name }) => ({ value: String(id), label: name }))}
      value={scope.map(String)}
      error={scope.length === 0 ? t('grants.needProjects') : undefined}
      onChange={(ids) => onChange(ids.map(Number))}
    />
  );
}
