import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Panel } from '../../components/page/page.tsx';
import { Count } from '../../components/show/values.tsx';
import { type LeftOut, withChoice } from './choice.ts';
import { UpgradeCard } from './upgrade-card.tsx';
import classes from './upgrades.module.css';

interface UpgradesProps {
  readonly result: Schema<'FixPlanResult'>;
  readonly leftOut: LeftOut;
  readonly onChange: (leftOut: LeftOut) => void;
}

/** Upgrades that are shown before the user asks for all; those that remove most come first. */
const shownAtFirst = 10;

/** What would be upgraded, by source package: versions, where it comes from, and what it removes. */
export function Upgrades({ result, leftOut, onChange }: UpgradesProps) {
  const { t } = useTranslation(['plan', 'outcomes']);
  const [all, setAll] = useState(result.upgrades.length <= shownAtFirst + 2);
  const shown = all ? result.upgrades : result.upgrades.slice(0, shownAtFirst);
  const severities = new Map(result.outcomes.map(({ id, severity }) => [id, severity]));
  return (
    <Panel title={t('upgrades')} flush aside={<Count value={result.upgrades.length} />}>
      <p className={classes.hint}>{t('upgradesHint')}</p>
      <ul className={classes.list} data-testid="upgrades">
        {shown.map((upgrade) => (
          <UpgradeCard
            key={`${upgrade.source} ${upgrade.repository} ${upgrade.to}`}
            upgrade={upgrade}
            severities={severities}
            leftOut={leftOut}
            choose={(ids, chosen) => onChange(withChoice(leftOut, ids, chosen))}
          />
        ))}
      </ul>
      {!all && (
        <Button variant="subtle" size="compact-sm" className={classes.all ?? ''} onClick={() => setAll(true)}>
          {t('outcomes:showAll', { count: result.upgrades.length })}
        </Button>
      )}
    </Panel>
  );
}
