import { Select, TagsInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../components/page/page.tsx';
import type { GateDraft, RiskRule } from './gate-draft.ts';
import type { GatePartProps } from './gate-tab.tsx';
import classes from './policies.module.css';
import { useRules } from './use-rules.ts';

/** Rules on everything that is no vulnerability. */
export function GateRisks({ draft, change }: GatePartProps) {
  const { t } = useTranslation('policies');
  const secrets = useRules('sensitive').map(({ key }) => key);
  const checks = [...new Set(useRules('baseline').map(({ id }) => id))];
  const verdicts = [
    { value: 'deny', label: t('gate.deny') },
    { value: 'allow', label: t('gate.allow') },
  ];
  return (
    <Panel title={t('gate.others')}>
      <div className={classes.stack}>
        <div className={classes.grid}>
          <Select
            label={t('gate.malicious')}
            data={verdicts}
            value={draft.malicious}
            onChange={(value) => change({ malicious: (value ?? 'deny') as GateDraft['malicious'] })}
          />
          <Select
            label={t('gate.endOfLife')}
            data={verdicts}
            value={draft.endOfLife}
            onChange={(value) => change({ endOfLife: (value ?? 'deny') as GateDraft['endOfLife'] })}
          />
          <Select
            label={t('gate.scan')}
            data={[
              { value: 'complete', label: t('gate.complete') },
              { value: 'any', label: t('gate.any') },
            ]}
            value={draft.scan}
            onChange={(value) => change({ scan: (value ?? 'complete') as GateDraft['scan'] })}
          />
          <TextInput
            label={t('gate.advisories')}
            inputMode="numeric"
            value={draft.maxAgeDays}
            onChange={(event) => change({ maxAgeDays: event.currentTarget.value })}
          />
        </div>
        <RiskFields
          label={t('gate.sensitive')}
          rule={draft.sensitive}
          known={secrets}
          onChange={(sensitive) => change({ sensitive })}
        />
        <RiskFields
          label={t('gate.baseline')}
          rule={draft.baseline}
          known={checks}
          onChange={(baseline) => change({ baseline })}
        />
      </div>
    </Panel>
  );
}

interface RiskFieldsProps {
  readonly label: string;
  readonly rule: RiskRule;
  /** What can be left out. */
  readonly known: readonly string[];
  readonly onChange: (rule: RiskRule) => void;
}

function RiskFields({ label, rule, known, onChange }: RiskFieldsProps) {
  const { t } = useTranslation(['policies', 'common']);
  return (
    <div className={classes.item}>
      <div className={classes.grid}>
        <Select
          label={label}
          value={rule.severity}
          data={[
            { value: 'off', label: t('gate.off') },
            ...(['high', 'medium', 'low'] as const).map((value) => ({
              value,
              label: t('gate.failFrom', { level: t(`common:severity.${value}`) }),
            })),
          ]}
          onChange={(value) => onChange({ ...rule, severity: (value ?? 'off') as RiskRule['severity'] })}
        />
        <TextInput
          label={t('gate.max')}
          placeholder="0"
          inputMode="numeric"
          disabled={rule.severity === 'off'}
          value={rule.max}
          onChange={(event) => onChange({ ...rule, max: event.currentTarget.value })}
        />
      </div>
      {rule.severity !== 'off' && (
        <TagsInput
          label={t('gate.except')}
          data={[...known]}
          limit={50}
          value={[...rule.except]}
          onChange={(except) => onChange({ ...rule, except })}
        />
      )}
    </div>
  );
}
