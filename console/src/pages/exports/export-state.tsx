import { Progress } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Status, type StatusTone } from '../../components/show/status.tsx';
import { useFormat } from '../../i18n/format.ts';
import classes from './exports.module.css';
import { type Pace, paceOf, type Sample } from './progress.ts';

type Export = Schema<'Export'>;

const tones: Readonly<Record<Export['state'], StatusTone>> = {
  queued: 'busy',
  running: 'busy',
  success: 'good',
  failure: 'bad',
  cancelled: 'quiet',
  expired: 'quiet',
};

/** Whether an export is still being written. */
export function isUnderWay({ state }: Pick<Export, 'state'>): boolean {
  return state === 'queued' || state === 'running';
}

/** The pace of an export since it has been looked at. */
function usePace({ rowsDone, rowsTotal, state }: Export): Pace | null {
  const first = useRef<Sample | null>(null);
  const [pace, setPace] = useState<Pace | null>(null);
  useEffect(() => {
    if (state !== 'running') return;
    const now = { at: Date.now(), rows: rowsDone };
    if (first.current === null) first.current = now;
    else setPace(paceOf(first.current, now, rowsTotal));
  }, [rowsDone, rowsTotal, state]);
  return pace;
}

/** How far an export is, how fast, and what went wrong. */
export function ExportState({ made }: { readonly made: Export }) {
  const { t } = useTranslation('exports');
  const format = useFormat();
  const pace = usePace(made);
  const { state, reason, rowsDone, rowsTotal } = made;
  if (state === 'running') {
    const share = rowsTotal === 0 ? 1 : rowsDone / rowsTotal;
    const words = [
      format.percent(share),
      ...(pace === null
        ? []
        : [
            t('pace', { count: Math.round(pace.rowsPerSecond) }),
            t('left', { time: format.duration(Math.max(1000, pace.leftMs)) }),
          ]),
    ];
    return (
      <span className={classes.running}>
        <Progress value={share * 100} size="sm" aria-label={t('state.running')} />
        <span className="num">{words.join(' · ')}</span>
      </span>
    );
  }
  return (
    <span className={classes.state}>
      <Status tone={tones[state]} label={t(`state.${state}`)} {...(reason === null ? {} : { title: reason.message })} />
      {reason !== null && (
        <bdi className={classes.reason} title={reason.message}>
          {reason.message}
        </bdi>
      )}
    </span>
  );
}
