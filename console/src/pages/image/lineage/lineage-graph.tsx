import { IconArrowRight } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../../api/client.ts';
import { Link } from '../../../app/link.tsx';
import { Digest } from '../../../components/show/values.tsx';
import classes from './lineage.module.css';
import { FixNode, headOf, LineageNode } from './lineage-node.tsx';

interface LineageGraphProps {
  readonly image: Schema<'Image'>;
  readonly lineage: Schema<'Lineage'>;
}

/** Base image or origin on the left, this image in the middle, what fixes made of it on the right. */
export function LineageGraph({ image, lineage }: LineageGraphProps) {
  const { t } = useTranslation('image');
  const { origin, fixes, base } = lineage;
  const hasBase = base !== null;
  return (
    <div className={classes.graph}>
      {(origin !== null || hasBase) && (
        <>
          <Column title={origin === null ? t('lineage.base') : t('lineage.origin')}>
            {origin !== null &&
              (origin.image === null ? (
                <div className={classes.node}>
                  <span className={classes.quiet}>{t('lineage.originGone')}</span>
                </div>
              ) : (
                <LineageNode
                  head={origin.image}
                  note={
                    origin.fix === null ? undefined : <Link to={`/fixes/${origin.fix.id}`}>{t('lineage.byFix')}</Link>
                  }
                />
              ))}
            {origin === null &&
              base !== null &&
              (base.image === null ? (
                <div className={classes.node}>
                  <span>{t('lineage.baseLayers', { count: base.layers })}</span>
                  {base.digest === null ? (
                    <span className={classes.quiet}>{t('lineage.baseUnknown')}</span>
                  ) : (
                    <Digest value={base.digest} />
                  )}
                </div>
              ) : (
                <LineageNode head={base.image} note={t('lineage.baseLayers', { count: base.layers })} />
              ))}
          </Column>
          <Arrow />
        </>
      )}
      <Column title={t('lineage.this')}>
        <LineageNode head={headOf(image)} own />
      </Column>
      <Arrow />
      <Column title={t('lineage.fixes')}>
        {fixes.length === 0 ? (
          <div className={classes.node} data-none>
            <span className={classes.quiet}>{t('lineage.noFixes')}</span>
          </div>
        ) : (
          fixes.map((fix) => <FixNode key={fix.id} fix={fix} />)
        )}
      </Column>
    </div>
  );
}

function Column({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={classes.column}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function Arrow() {
  return <IconArrowRight className={classes.arrow} size={22} stroke={1.5} aria-hidden="true" />;
}
