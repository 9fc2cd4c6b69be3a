import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../../api/client.ts';
import { SeverityBadge } from '../../../components/show/severity.tsx';
import { Status } from '../../../components/show/status.tsx';
import { Clip, Digest, Time } from '../../../components/show/values.tsx';
import type { Column } from '../../../components/table/columns.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useKnown } from '../../../i18n/known.ts';
import classes from './finding-columns.module.css';

type Finding = Schema<'Finding'>;

/** Name of a row: a record and the package it speaks of. */
export function findingId({ recordId, packages: [pkg] }: Finding): string {
  return pkg === undefined ? String(recordId) : `${recordId}:${pkg.purl}`;
}

/** Columns of the findings of one image. */
export function useFindingColumns(): readonly Column<Finding>[] {
  const { t } = useTranslation('image');
  const known = useKnown('image');
  const format = useFormat();
  return useMemo(() => {
    const dash = <span className={classes.quiet}>–</span>;
    return [
      {
        id: 'vuln',
        label: t('column.vulnerability'),
        width: 'minmax(17rem, 3fr)',
        sort: 'vuln',
        ascendingFirst: true,
        cell: ({ vulnerability: { id, title, kev } }) => (
          <span className={classes.vulnerability}>
            <bdi className={classes.id}>{id}</bdi>
            {kev && <span className={classes.kev}>{t('kev')}</span>}
            {!title.startsWith(id) && (
              <bdi className={classes.title} title={title}>
                {title}
              </bdi>
            )}
          </span>
        ),
      },
      {
        id: 'severity',
        label: t('column.severity'),
        width: '6.5rem',
        sort: 'severity',
        cell: ({ packages: [pkg], vulnerability }) => <SeverityBadge level={pkg?.severity ?? vulnerability.severity} />,
      },
      {
        id: 'package',
        label: t('column.package'),
        width: 'minmax(8rem, 1.2fr)',
        sort: 'package',
        ascendingFirst: true,
        cell: ({ packages: [pkg] }) => (pkg === undefined ? dash : <Clip text={pkg.name} />),
      },
      {
        id: 'versions',
        label: t('column.versions'),
        width: 'minmax(13rem, 2fr)',
        cell: ({ packages: [pkg] }) =>
          pkg === undefined ? (
            dash
          ) : (
            <span className={classes.versions}>
              <bdi className={classes.version} title={pkg.version}>
                {pkg.version}
              </bdi>
              {pkg.fixedVersion === null ? (
                <span className={classes.quiet}>{known('state', pkg.state)}</span>
              ) : (
                <>
                  <span aria-hidden="true">→</span>
                  <bdi className={classes.fixed} title={pkg.fixedVersion}>
                    <span className="sr-only">{t('fixedIn')} </span>
                    {pkg.fixedVersion}
                  </bdi>
                </>
              )}
            </span>
          ),
      },
      {
        id: 'epss',
        label: t('column.epss'),
        width: '5.5rem',
        align: 'end',
        sort: 'epss',
        cell: ({ vulnerability: { epss } }) =>
          epss === null ? dash : <span className="num">{format.percent(epss)}</span>,
      },
      {
        id: 'handled',
        label: t('column.handled'),
        width: '8rem',
        cell: ({ handled, fixing, fixedBy }) => {
          if (fixing) return <Status tone="busy" label={t('handled.fixing')} />;
          if (fixedBy !== null) return <Status tone="good" label={t('handled.fixed')} />;
          if (handled === null) return <span className={classes.quiet}>{t('handled.open')}</span>;
          return <Status tone="quiet" label={known('handled', handled.kind)} title={handled.reason} />;
        },
      },
      {
        id: 'cvss',
        label: t('column.cvss'),
        width: '5.5rem',
        align: 'end',
        sort: 'cvss',
        hidden: true,
        cell: ({ vulnerability: { cvss } }) => (cvss === null ? dash : <span className="num">{cvss.toFixed(1)}</span>),
      },
      {
        id: 'priority',
        label: t('column.priority'),
        width: '7rem',
        hidden: true,
        cell: ({ vulnerability: { priority } }) => t(`priority.${priority}`),
      },
      {
        id: 'state',
        label: t('column.state'),
        width: '9rem',
        hidden: true,
        cell: ({ packages: [pkg] }) => (pkg === undefined ? dash : known('state', pkg.state)),
      },
      {
        id: 'type',
        label: t('column.type'),
        width: '6rem',
        hidden: true,
        cell: ({ packages: [pkg] }) => <Clip text={pkg?.type ?? '–'} />,
      },
      {
        id: 'layer',
        label: t('column.layer'),
        width: '13rem',
        hidden: true,
        cell: ({ packages: [pkg] }) => (pkg?.layers[0] === undefined ? dash : <Digest value={pkg.layers[0]} />),
      },
      {
        id: 'path',
        label: t('column.path'),
        width: 'minmax(12rem, 2fr)',
        hidden: true,
        cell: ({ packages: [pkg] }) => <Clip text={pkg?.paths.join(', ') ?? ''} mono />,
      },
      {
        id: 'firstSeen',
        label: t('column.firstSeen'),
        width: '8.5rem',
        hidden: true,
        sort: 'firstSeen',
        cell: ({ firstSeen }) => <Time at={firstSeen} />,
      },
    ];
  }, [t, known, format]);
}
