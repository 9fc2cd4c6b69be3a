import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from '../../app/link.tsx';
import { quoted } from '../../filter/terms.ts';
import { SeverityBadge } from '../show/severity.tsx';
import { Count } from '../show/values.tsx';
import { OutcomeIcon, type OutcomeName, outcomeOrder, useOutcomeLabel } from './outcome.tsx';
import classes from './outcome-groups.module.css';
import type { OutcomeRow } from './outcome-rows.ts';
import { VersionStep } from './version-step.tsx';

/** Rows of a group that are shown before the user asks for all. */
const shownAtFirst = 40;
const severityOrder = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'];

interface OutcomeGroupsProps {
  readonly rows: readonly OutcomeRow[];
  /** Before the fix: `fixed` means that it will be. */
  readonly planned?: boolean;
}

/** Vulnerabilities by what becomes of them: each group says why in plain words and what to do, each row its own detail. */
export function OutcomeGroups({ rows, planned = false }: OutcomeGroupsProps) {
  const groups = Map.groupBy(rows, ({ outcome }) => outcome);
  return outcomeOrder.map((outcome) => {
    const group = groups.get(outcome);
    return group === undefined ? null : <Group key={outcome} outcome={outcome} rows={group} planned={planned} />;
  });
}

function Group({
  outcome,
  rows,
  planned,
}: {
  readonly outcome: OutcomeName;
  readonly rows: readonly OutcomeRow[];
  readonly planned: boolean;
}) {
  const { t } = useTranslation('outcomes');
  const label = useOutcomeLabel(planned);
  const [all, setAll] = useState(false);
  const sorted = rows.toSorted((a, b) => rank(a) - rank(b) || a.id.localeCompare(b.id, 'en', { numeric: true }));
  const shown = all ? sorted : sorted.slice(0, shownAtFirst);
  const why = outcome === 'pending' ? t('pendingWhy') : t(`why.${outcome}`);
  // What holds for all of a group is said once.
  const common =
    rows.length > 1 && rows.every(({ detail }) => detail === rows[0]?.detail) ? (rows[0]?.detail ?? null) : null;
  const next = outcome === 'pending' ? '' : t(`next.${outcome}`);
  return (
    <section className={classes.group} aria-label={label(outcome)} data-outcome={outcome}>
      <header className={classes.head}>
        <OutcomeIcon outcome={outcome} size={20} />
        <div className={classes.words}>
          <h3 className={classes.title}>
            {label(outcome)}
            <span className={classes.count}>
              <Count value={rows.length} />
            </span>
          </h3>
          <p className={classes.why}>
            {why} {next !== '' && <span className={classes.next}>{`${t('nextStep')} ${next}`}</span>}
          </p>
          {common !== null && (
            <p className={classes.common}>
              <bdi>{common}</bdi>
            </p>
          )}
        </div>
      </header>
      <ul
        className={classes.rows}
        data-plain={rows.every(({ severity }) => severity === null) || undefined}
        data-only-ids={rows.every(({ packages, detail }) => packages.length === 0 && detail === null) || undefined}
      >
        {shown.map((row) => (
          <Row key={row.id} row={row} plain={common !== null} />
        ))}
      </ul>
      {shown.length < sorted.length && (
        <UnstyledButton className={classes.more} onClick={() => setAll(true)}>
          {t('showAll', { count: sorted.length })}
        </UnstyledButton>
      )}
    </section>
  );
}

function rank({ severity }: OutcomeRow): number {
  return severity === null ? severityOrder.length : severityOrder.indexOf(severity);
}

function Row({ row, plain }: { readonly row: OutcomeRow; readonly plain: boolean }) {
  const { t } = useTranslation('outcomes');
  const { id, severity, packages, detail, rescan, changelog } = row;
  const named = packages.filter((one) => one.package !== null);
  const evidence = [rescan, changelog].filter((one) => one !== null).map((one) => t(`evidence.${one}`));
  return (
    <li className={classes.row} data-cve={id}>
      <span className={classes.severity}>{severity !== null && <SeverityBadge level={severity} />}</span>
      <Link to="/vulns" search={{ q: `vuln:${quoted(id)}` }} className={classes.id}>
        <bdi>{id}</bdi>
      </Link>
      <span className={classes.packages}>
        {named.slice(0, 3).map((one) => (
          <VersionStep key={`${one.package} ${one.from}`} name={one.package ?? ''} from={one.from} to={one.to} />
        ))}
        {named.length > 3 && <span className={classes.quiet}>+{named.length - 3}</span>}
      </span>
      <span className={classes.detail}>
        {detail !== null && !plain && <bdi>{detail}</bdi>}
        {detail === null && evidence.join(' · ')}
      </span>
    </li>
  );
}
