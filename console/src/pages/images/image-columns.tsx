import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { ImageName } from '../../components/show/image-name.tsx';
import { SeverityCounts, severities } from '../../components/show/severity.tsx';
import { ScanStatus } from '../../components/show/status.tsx';
import { Bytes, Clip, Count, Digest, Time } from '../../components/show/values.tsx';
import type { Column } from '../../components/table/columns.ts';

type Image = Schema<'Image'>;

/** Findings of packages by severity, of the system and of applications together. */
export function vulnerabilityCounts({ counts }: Image) {
  return Object.fromEntries(severities.map((name) => [name, counts.cve[name] + counts.sca[name]]));
}

/** Columns of tables of images. */
export function useImageColumns(): readonly Column<Image>[] {
  const { t } = useTranslation('images');
  return useMemo(
    () => [
      {
        id: 'image',
        label: t('column.image'),
        width: 'minmax(16rem, 3fr)',
        sort: 'repository',
        ascendingFirst: true,
        cell: (image) => <ImageName image={image} to={`/images/${image.uuid}`} />,
      },
      {
        id: 'vulnerabilities',
        label: t('column.vulnerabilities'),
        width: '13.5rem',
        sort: 'worst',
        cell: (image) => <SeverityCounts counts={vulnerabilityCounts(image)} />,
      },
      {
        id: 'fixable',
        label: t('column.fixable'),
        width: '6rem',
        align: 'end',
        cell: ({ counts }) => <Count value={counts.cve.fixable + counts.sca.fixable} />,
      },
      {
        id: 'kev',
        label: t('column.kev'),
        width: '6rem',
        align: 'end',
        cell: ({ counts }) => <Count value={counts.kev} />,
      },
      {
        id: 'malicious',
        label: t('column.malicious'),
        width: '6.5rem',
        align: 'end',
        cell: ({ counts }) => <Count value={counts.malicious} />,
      },
      {
        id: 'sensitive',
        label: t('column.sensitive'),
        width: '6rem',
        align: 'end',
        cell: ({ counts }) => <Count value={counts.sensitive} />,
      },
      {
        id: 'baseline',
        label: t('column.baseline'),
        width: '6rem',
        align: 'end',
        cell: ({ counts }) => <Count value={counts.baseline} />,
      },
      { id: 'scan', label: t('column.scan'), width: '9.5rem', cell: ({ scan }) => <ScanStatus scan={scan} /> },
      {
        id: 'scanned',
        label: t('column.scanned'),
        width: '8.5rem',
        sort: 'scanned',
        cell: ({ scan }) => <Time at={scan.finishedAt} />,
      },
      {
        id: 'digest',
        label: t('column.digest'),
        width: '13rem',
        hidden: true,
        cell: ({ digest }) => <Digest value={digest} />,
      },
      {
        id: 'platform',
        label: t('column.platform'),
        width: '8rem',
        hidden: true,
        cell: ({ platform }) => <Clip text={platform ?? '–'} />,
      },
      {
        id: 'os',
        label: t('column.os'),
        width: '12rem',
        hidden: true,
        cell: ({ os }) => <Clip text={os?.name ?? os?.id ?? '–'} />,
      },
      {
        id: 'size',
        label: t('column.size'),
        width: '6.5rem',
        align: 'end',
        sort: 'size',
        cell: ({ size }) => <Bytes value={size} />,
      },
      {
        id: 'since',
        label: t('column.since'),
        width: '8.5rem',
        hidden: true,
        sort: 'updated',
        cell: ({ since }) => <Time at={since} />,
      },
      {
        id: 'registry',
        label: t('column.registry'),
        width: '9rem',
        hidden: true,
        cell: ({ registry }) => <Clip text={registry.name} />,
      },
    ],
    [t],
  );
}
