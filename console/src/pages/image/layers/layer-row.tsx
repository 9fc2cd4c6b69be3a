import { useTranslation } from 'react-i18next';
import { Link } from '../../../app/link.tsx';
import { SeverityCounts } from '../../../components/show/severity.tsx';
import { Bytes, Digest } from '../../../components/show/values.tsx';
import type { ReportLayer } from '../image-report.ts';
import { instructionOf } from './instruction.ts';
import classes from './layers.module.css';
import shared from './steps.module.css';

/** A layer: what made it, how large it is among the others, what its packages bring. */
export function LayerRow({
  layer,
  number,
  share,
}: {
  readonly layer: ReportLayer;
  readonly number: number;
  /** Of the largest layer, 0 to 1. */
  readonly share: number;
}) {
  const { t } = useTranslation('image');
  const { word, text } = instructionOf(layer.createdBy ?? '');
  return (
    <li className={classes.layer}>
      <span className={shared.number}>{number}</span>
      <div className={shared.made}>
        <span className={classes.instruction} title={layer.createdBy ?? undefined}>
          {word !== null && <span className={shared.word}>{word}</span>}
          <bdi className="mono">{text === '' ? t('layers.noInstruction') : text}</bdi>
        </span>
        <Digest value={layer.digest} />
      </div>
      <div className={classes.size}>
        <Bytes value={layer.size} />
        <svg className={classes.bar} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
          <rect width="100" height="6" className={classes.track} />
          <rect width={Math.max(1, share * 100)} height="6" className={classes.part} />
        </svg>
      </div>
      <div className={classes.found}>
        {layer.findings === 0 ? (
          <span className={shared.quiet}>{t('layers.none')}</span>
        ) : (
          <Link to="." search={{ q: `layer:${layer.digest}` }} title={t('layers.show')}>
            <SeverityCounts counts={layer.counts} />
          </Link>
        )}
      </div>
    </li>
  );
}
