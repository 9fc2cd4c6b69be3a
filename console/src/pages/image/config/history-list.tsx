import { IconEyeOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../../api/client.ts';
import { Bytes, Digest, Time } from '../../../components/show/values.tsx';
import { instructionOf } from '../layers/instruction.ts';
import shared from '../layers/steps.module.css';
import classes from './config.module.css';

type Step = Schema<'ImageConfig'>['history'][number];

/** The steps that built an image, the first one first; those with a layer say what it weighs. */
export function HistoryList({ steps }: { readonly steps: readonly Step[] }) {
  const { t } = useTranslation('image');
  if (steps.length === 0) return <p className={classes.empty}>{t('config.noHistory')}</p>;
  return (
    <ol className={shared.list}>
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps have no name, and their order never changes
        <HistoryStep key={index} step={step} number={index + 1} />
      ))}
    </ol>
  );
}

function HistoryStep({ step, number }: { readonly step: Step; readonly number: number }) {
  const { t } = useTranslation('image');
  const { createdAt, createdBy, comment, masked, layer } = step;
  const { word, text } = instructionOf(createdBy ?? '');
  return (
    <li className={classes.step} data-empty={layer === null || undefined}>
      <span className={shared.number}>{number}</span>
      <div className={shared.made}>
        <div className={classes.instruction}>
          {word !== null && <span className={shared.word}>{word} </span>}
          <bdi className="mono">{text === '' ? (comment ?? t('layers.noInstruction')) : text}</bdi>
          {masked && (
            <span className={classes.masked}>
              <IconEyeOff size={13} aria-hidden="true" /> {t('config.masked')}
            </span>
          )}
        </div>
        <div className={classes.about}>
          {layer === null ? (
            <span>{t('config.noLayer')}</span>
          ) : (
            <>
              <Bytes value={layer.size} />
              <Digest value={layer.digest} />
              {layer.base === true && <span>{t('layers.base')}</span>}
            </>
          )}
          {createdAt !== null && !Number.isNaN(Date.parse(createdAt)) && <Time at={createdAt} />}
        </div>
      </div>
    </li>
  );
}
