import { useTranslation } from 'react-i18next';
import { Panel } from '../../components/page/page.tsx';
import { CodeBlock } from '../../components/show/code-block.tsx';
import { Status } from '../../components/show/status.tsx';
import { Bytes } from '../../components/show/values.tsx';
import { useFormat } from '../../i18n/format.ts';
import classes from './explorer.module.css';
import { laidOut } from './send.ts';
import type { Sending } from './use-sending.ts';

/** What the server answered: status, time, headers, body. */
export function ResultPanel({ sending }: { readonly sending: Sending }) {
  const { t } = useTranslation('explorer');
  const format = useFormat();
  const { outcome, failure, pending } = sending;
  if (outcome === null) {
    return (
      <Panel title={t('result')}>
        <p className={classes.hint} role="status">
          {pending ? t('sending') : failure === null ? t('resultHint') : t('noAnswer', { detail: failure })}
        </p>
      </Panel>
    );
  }
  const tone = outcome.status < 400 ? 'good' : outcome.status < 500 ? 'warn' : 'bad';
  const type = outcome.headers.find(([name]) => name === 'content-type')?.[1] ?? '';
  return (
    <Panel
      title={t('result')}
      aside={
        <span className={classes.meta} role="status">
          <Status tone={tone} label={`${outcome.status} ${outcome.statusText}`} />
          <span className="num">{format.duration(outcome.durationMs)}</span>
          <Bytes value={outcome.bytes} />
        </span>
      }
    >
      <div className={classes.stack}>
        {outcome.truncated && <p className={classes.hint}>{t('truncated')}</p>}
        {outcome.text === null ? (
          <p className={classes.hint}>{t('binary', { type })}</p>
        ) : outcome.text === '' ? (
          <p className={classes.hint}>{t('emptyBody')}</p>
        ) : (
          <CodeBlock label={t('answerBody')} text={laidOut(outcome.text)} high />
        )}
        <CodeBlock
          label={t('headers')}
          text={outcome.headers.map(([name, value]) => `${name}: ${value}`).join('\n')}
          wrap
        />
      </div>
    </Panel>
  );
}
