import { ActionIcon, Checkbox } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { VersionStep } from '../../components/fix/version-step.tsx';
import { SeverityBadge, toneOf } from '../../components/show/severity.tsx';
import { Bytes } from '../../components/show/values.tsx';
import { choiceOf, type LeftOut } from './choice.ts';
import classes from './upgrade-card.module.css';

type Upgrade = Schema<'PlannedUpgrade'>;

interface UpgradeCardProps {
  readonly upgrade: Upgrade;
  readonly severities: ReadonlyMap<string, string | null>;
  readonly leftOut: LeftOut;
  readonly choose: (ids: readonly string[], chosen: boolean) => void;
}

/** Ids that a closed card shows. */
const shownIds = 4;
const order = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'];

/** One upgrade; opened, it shows its packages, and each vulnerability can be taken away. */
export function UpgradeCard({ upgrade, severities, leftOut, choose }: UpgradeCardProps) {
  const { t } = useTranslation('plan');
  const [open, setOpen] = useState(false);
  const { source, from, to, repository, packages, fixes, bytes } = upgrade;
  const choice = choiceOf(upgrade, leftOut);
  const worst = (id: string): number => order.indexOf(severities.get(id) ?? 'unknown');
  const ids = fixes.toSorted((a, b) => worst(a) - worst(b) || a.localeCompare(b, 'en', { numeric: true }));
  return (
    <li className={classes.card} data-choice={fixes.length === 0 ? undefined : choice} data-source={source}>
      <div className={classes.row}>
        <span className={classes.check}>
          {fixes.length > 0 && (
            <Checkbox
              size="xs"
              aria-label={t('choose', { name: source })}
              checked={choice === 'all'}
              indeterminate={choice === 'some'}
              onChange={(event) => choose(fixes, event.currentTarget.checked)}
            />
          )}
        </span>
        <div className={classes.what}>
          <VersionStep name={source} from={from} to={to} />
          <span className={classes.where}>
            <bdi>{repository}</bdi>
            <span>{t('packages', { count: packages.length })}</span>
          </span>
        </div>
        <span className={classes.fixes} data-none={fixes.length === 0 || undefined}>
          {fixes.length === 0 ? t('fixesNone') : t('fixes', { count: fixes.length })}
        </span>
        <span className={classes.size}>
          <Bytes value={bytes} />
        </span>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('show', { name: source })}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <IconChevronDown size={16} className={classes.chevron} data-open={open || undefined} />
        </ActionIcon>
      </div>
      {!open && ids.length > 0 && (
        <div className={classes.ids}>
          {ids.slice(0, shownIds).map((id) => (
            <span key={id} className={classes.id} data-tone={toneOf(severities.get(id) ?? 'unknown')}>
              <bdi>{id}</bdi>
            </span>
          ))}
          {ids.length > shownIds && (
            <button type="button" className={classes.moreIds} onClick={() => setOpen(true)}>
              {t('moreIds', { count: ids.length - shownIds })}
            </button>
          )}
        </div>
      )}
      {open && (
        <div className={classes.details}>
          <ul className={classes.packages}>
            {packages.map((one) => (
              <li key={`${one.name} ${one.arch}`} className={classes.package}>
                <VersionStep name={one.name} from={one.from} to={one.to} />
                <span className={classes.quiet}>{one.arch}</span>
                <span className={classes.quiet}>{t(`reason.${one.reason}`)}</span>
                <span className={classes.end}>
                  <Bytes value={one.size} />
                </span>
              </li>
            ))}
          </ul>
          <ul className={classes.vulns}>
            {ids.map((id) => (
              <li key={id}>
                <Checkbox
                  size="xs"
                  checked={!leftOut.has(id)}
                  onChange={(event) => choose([id], event.currentTarget.checked)}
                  label={
                    <span className={classes.vuln}>
                      <bdi>{id}</bdi>
                      <SeverityBadge level={severities.get(id) ?? 'unknown'} />
                    </span>
                  }
                />
              </li>
            ))}
          </ul>
        </div>
      )}
    </li>
  );
}
