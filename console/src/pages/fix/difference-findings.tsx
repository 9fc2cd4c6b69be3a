import { SegmentedControl } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Link } from '../../app/link.tsx';
import { useUrlState } from '../../app/url-state.ts';
import { Panel } from '../../components/page/page.tsx';
import { SeverityBadge } from '../../components/show/severity.tsx';
import { Clip } from '../../components/show/values.tsx';
import type { Column } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { useWholeList } from '../../components/table/use-list.ts';
import { quoted } from '../../filter/terms.ts';
import { useFormat } from '../../i18n/format.ts';
import classes from './difference.module.css';

type Finding = Schema<'DifferenceFinding'>;

const groups = ['gone', 'remaining', 'new'] as const;

/** Vulnerabilities that went, stayed and came, by the scans of both images. */
export function DifferenceFindings({ vulnerabilities }: Pick<Schema<'FixDifference'>, 'vulnerabilities'>) {
  const { t } = useTranslation('fixes');
  const format = useFormat();
  const [asked, setGroup] = useUrlState('changed', 'gone');
  const group = groups.find((name) => name === asked) ?? 'gone';
  const columns = useFindingColumns();
  const list = useWholeList<Finding>({
    data: vulnerabilities?.[group],
    error: null,
    isPending: false,
    refetch: () => {},
  });
  if (vulnerabilities === null) {
    return (
      <Panel title={t('one.diff.vulnerabilities')}>
        <p className={classes.quiet}>{t('one.diff.noScans')}</p>
      </Panel>
    );
  }
  return (
    <section className={classes.findings} aria-label={t('one.diff.vulnerabilities')}>
      <div className={classes.head}>
        <h2 className={classes.title}>{t('one.diff.vulnerabilities')}</h2>
        <SegmentedControl
          size="xs"
          aria-label={t('one.diff.vulnerabilities')}
          value={group}
          onChange={(next) => setGroup(next, { push: true })}
          data={groups.map((name) => ({
            value: name,
            label: `${t(`one.diff.${name}`)} ${format.number(vulnerabilities[name].length)}`,
          }))}
        />
      </div>
      <DataTable
        key={group}
        name="diff-"
        label={t(`one.diff.${group}`)}
        list={list}
        columns={columns}
        rowId={(one) => `${one.id} ${one.package} ${one.version}`}
        grow
        empty={
          <Panel>
            <p className={classes.quiet}>{t(`one.diff.none.${group}`)}</p>
          </Panel>
        }
      />
    </section>
  );
}

function useFindingColumns(): readonly Column<Finding>[] {
  const { t } = useTranslation(['fixes', 'outcomes']);
  return useMemo(
    () => [
      {
        id: 'severity',
        label: t('one.diff.column.severity'),
        width: '8rem',
        cell: ({ severity }) => <SeverityBadge level={severity} />,
      },
      {
        id: 'id',
        label: t('one.diff.column.id'),
        width: 'minmax(11rem, 1fr)',
        cell: ({ id }) => (
          <Link to="/vulns" search={{ q: `vuln:${quoted(id)}` }}>
            <bdi>{id}</bdi>
          </Link>
        ),
      },
      {
        id: 'package',
        label: t('one.diff.column.package'),
        width: 'minmax(10rem, 1fr)',
        cell: (one) => <Clip text={one.package} />,
      },
      {
        id: 'version',
        label: t('one.diff.column.version'),
        width: 'minmax(10rem, 1fr)',
        cell: ({ version }) => <Clip text={version} mono />,
      },
      {
        id: 'fixable',
        label: t('one.diff.column.fixable'),
        width: '8rem',
        cell: ({ fixable }) => (fixable ? t('one.diff.fixable') : '–'),
      },
    ],
    [t],
  );
}
