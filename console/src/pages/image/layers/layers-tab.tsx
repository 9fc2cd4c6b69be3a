import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../../api/client.ts';
import { EmptyState, ErrorState } from '../../../components/feedback/states.tsx';
import { Panel } from '../../../components/page/page.tsx';
import { Bytes, Count, Digest } from '../../../components/show/values.tsx';
import { type ReportLayer, useImageReport } from '../image-report.ts';
import { LayerRow } from './layer-row.tsx';
import classes from './layers.module.css';
import shared from './steps.module.css';

/** The layers of an image in the order they were built in, those of the base image apart from the image's own. */
export function LayersTab({ image }: { readonly image: Schema<'Image'> }) {
  const { t } = useTranslation('image');
  const { data, error, refetch } = useImageReport(image);
  if (image.scan.finishedAt === null) return <EmptyState title={t('empty.unscanned')} hint={t('layers.unscanned')} />;
  if (data === undefined) {
    return error ? <ErrorState error={error} retry={() => void refetch()} /> : <Skeleton height={280} radius="lg" />;
  }
  const { layers, base } = data;
  const largest = Math.max(1, ...layers.map(({ size }) => size));
  const numbered = layers.map((layer, index) => ({ layer, number: index + 1 }));
  const groups = [
    { kind: 'base', rows: numbered.filter(({ layer }) => layer.base === true) },
    { kind: 'own', rows: numbered.filter(({ layer }) => layer.base === false) },
    { kind: 'unknown', rows: numbered.filter(({ layer }) => layer.base === null) },
  ] as const;
  return (
    <>
      {groups
        .filter(({ rows }) => rows.length > 0)
        .map(({ kind, rows }) => (
          <Panel
            key={kind}
            flush
            title={t(`layers.${kind}`)}
            aside={<GroupSum rows={rows.map(({ layer }) => layer)} />}
          >
            <p className={classes.hint}>
              {kind === 'base' && base !== null ? t(`layers.method.${methodOf(base.method)}`) : t(`layers.${kind}Hint`)}{' '}
              {kind === 'base' && base?.digest != null && <Digest value={base.digest} />}
            </p>
            <ol className={`${shared.list} ${classes.stack}`} data-kind={kind}>
              {rows.map(({ layer, number }) => (
                <LayerRow
                  key={`${number} ${layer.digest}`}
                  layer={layer}
                  number={number}
                  share={layer.size / largest}
                />
              ))}
            </ol>
          </Panel>
        ))}
    </>
  );
}

function methodOf(method: string): 'label' | 'layers' | 'history' {
  return method === 'label' || method === 'layers' ? method : 'history';
}

function GroupSum({ rows }: { readonly rows: readonly ReportLayer[] }) {
  const { t } = useTranslation('image');
  return (
    <>
      <span>{t('layers.count', { count: rows.length })}</span>
      <span>·</span>
      <Bytes value={rows.reduce((sum, { size }) => sum + size, 0)} />
      <span>·</span>
      <span>
        <Count value={rows.reduce((sum, { findings }) => sum + findings, 0)} /> {t('layers.findings')}
      </span>
    </>
  );
}
