import { Button, Select, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useUrlState } from '../../app/url-state.ts';
import { SeverityBadge } from '../../components/show/severity.tsx';
import classes from './policies.module.css';
import type { KnownRule } from './use-rules.ts';

interface RuleChecklistProps {
  readonly label: string;
  readonly rules: readonly KnownRule[];
  readonly selected: ReadonlySet<string>;
  /** Absent = only to be looked at. */
  readonly onChange?: ((selected: ReadonlySet<string>) => void) | undefined;
}

const levels = ['high', 'medium', 'low'] as const;

/** Rules by their group, with those that are in use. */
export function RuleChecklist({ label, rules, selected, onChange }: RuleChecklistProps) {
  const { t, i18n } = useTranslation(['policies', 'common']);
  const language = i18n.language === 'zh' ? 'zh' : 'en';
  const [find, setFind] = useUrlState('find');
  const [level, setLevel] = useUrlState('level');
  const shown = useMemo(() => {
    const wanted = find.toLowerCase();
    return rules.filter(
      (rule) =>
        (level === '' || rule.level === level) &&
        `${rule.id} ${rule.key} ${rule.title.en} ${rule.title.zh}`.toLowerCase().includes(wanted),
    );
  }, [rules, find, level]);
  const groups = useMemo(() => {
    const byGroup = new Map<string, KnownRule[]>();
    for (const rule of shown) {
      const list = byGroup.get(rule.group[language]) ?? [];
      byGroup.set(rule.group[language], [...list, rule]);
    }
    return [...byGroup];
  }, [shown, language]);
  const set = (keys: readonly string[], on: boolean): void => {
    const next = new Set(selected);
    for (const key of keys) on ? next.add(key) : next.delete(key);
    onChange?.(next);
  };
  const known = rules.filter(({ key }) => selected.has(key)).length;
  return (
    <div className={classes.stack}>
      <div className={classes.bar}>
        <TextInput
          aria-label={t('rules.find')}
          placeholder={t('rules.find')}
          leftSection={<IconSearch size={16} />}
          value={find}
          onChange={(event) => setFind(event.currentTarget.value)}
        />
        <Select
          aria-label={t('rules.level')}
          w={140}
          value={level}
          data={[
            { value: '', label: t('rules.allLevels') },
            ...levels.map((value) => ({ value, label: t(`common:severity.${value}`) })),
          ]}
          onChange={(value) => setLevel(value ?? '')}
        />
        {onChange !== undefined &&
          (['all', 'none'] as const).map((choice) => (
            <Button
              key={choice}
              variant="subtle"
              size="compact-sm"
              onClick={() =>
                set(
                  shown.map(({ key }) => key),
                  choice === 'all',
                )
              }
            >
              {t(`rules.${choice}`)}
            </Button>
          ))}
        <span className={`num ${classes.push}`}>{t('rules.selected', { selected: known, total: rules.length })}</span>
      </div>
      <fieldset className={classes.rules} aria-label={label}>
        {groups.length === 0 && rules.length > 0 && <div className={classes.group}>{t('rules.noHit')}</div>}
        {groups.map(([group, members]) => (
          <div key={group}>
            <div className={classes.group}>
              <span>{group}</span>
              <span className={`num ${classes.quiet}`}>
                {members.filter(({ key }) => selected.has(key)).length} / {members.length}
              </span>
            </div>
            {members.map(({ key, id, title, level: severity }) => (
              <label key={key} className={classes.rule}>
                <input
                  type="checkbox"
                  checked={selected.has(key)}
                  disabled={onChange === undefined}
                  onChange={(event) => set([key], event.currentTarget.checked)}
                />
                <span>{title[language]}</span>
                <span className={classes.badgeCell}>
                  <SeverityBadge level={severity} />
                </span>
                <code>{id}</code>
              </label>
            ))}
          </div>
        ))}
      </fieldset>
    </div>
  );
}
