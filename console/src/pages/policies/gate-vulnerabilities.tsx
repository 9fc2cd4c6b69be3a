import { ActionIcon, Button, Checkbox, Select, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../components/page/page.tsx';
import { nextKey, type VulnerabilityRule } from './gate-draft.ts';
import type { GatePartProps } from './gate-tab.tsx';
import classes from './policies.module.css';

const severities = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const;

/** Rules on vulnerabilities. */
export function GateVulnerabilities({ draft, change }: GatePartProps) {
  const { t } = useTranslation(['policies', 'common']);
  const rules = draft.vulnerabilities;
  const set = (key: number, part: Partial<VulnerabilityRule>): void =>
    change({ vulnerabilities: rules.map((rule) => (rule.key === key ? { ...rule, ...part } : rule)) });
  const add = (): void =>
    change({
      vulnerabilities: [
        ...rules,
        { key: nextKey(), severity: 'medium', kinds: 'both', fixable: false, kev: false, max: '' },
      ],
    });
  return (
    <Panel title={t('gate.vulnerabilities')}>
      <div className={classes.stack}>
        <TextInput
          label={t('gate.name')}
          value={draft.name}
          maxLength={1000}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <p className={classes.hint}>{rules.length === 0 ? t('gate.noRules') : t('gate.vulnerabilitiesHint')}</p>
        {rules.map((rule, index) => (
          <div key={rule.key} className={classes.item}>
            <div className={classes.line} data-kind="vulnerability">
              <Select
                label={t('gate.severity')}
                value={rule.severity}
                data={severities.map((value) => ({
                  value,
                  label: value === 'unknown' ? t('gate.anySeverity') : t(`common:severity.${value}`),
                }))}
                onChange={(value) => set(rule.key, { severity: (value ?? 'high') as VulnerabilityRule['severity'] })}
              />
              <Select
                label={t('gate.kinds')}
                value={rule.kinds}
                data={[
                  { value: 'both', label: t('gate.bothKinds') },
                  { value: 'cve', label: t('gate.cve') },
                  { value: 'sca', label: t('gate.sca') },
                ]}
                onChange={(value) => set(rule.key, { kinds: (value ?? 'both') as VulnerabilityRule['kinds'] })}
              />
              <TextInput
                label={t('gate.max')}
                placeholder="0"
                inputMode="numeric"
                value={rule.max}
                onChange={(event) => set(rule.key, { max: event.currentTarget.value })}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                size={36}
                aria-label={t('gate.removeRule', { number: index + 1 })}
                onClick={() => change({ vulnerabilities: rules.filter(({ key }) => key !== rule.key) })}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </div>
            <div className={classes.flags}>
              <Checkbox
                size="xs"
                label={t('gate.fixable')}
                checked={rule.fixable}
                onChange={(event) => set(rule.key, { fixable: event.currentTarget.checked })}
              />
              <Checkbox
                size="xs"
                label={t('gate.kev')}
                checked={rule.kev}
                onChange={(event) => set(rule.key, { kev: event.currentTarget.checked })}
              />
            </div>
          </div>
        ))}
        <div>
          <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={15} />} onClick={add}>
            {t('gate.addRule')}
          </Button>
        </div>
      </div>
    </Panel>
  );
}
