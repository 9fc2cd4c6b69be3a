import { Button, Switch } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { saveText } from '../../components/export/save-text.ts';
import { Panel } from '../../components/page/page.tsx';
import { useFormat } from '../../i18n/format.ts';
import classes from './log-tab.module.css';
import type { FixFacts } from './use-fix.ts';

/** What happened, line by line; follows the end while the task is at work. */
export function LogTab({ facts: { fix, log } }: { readonly facts: FixFacts }) {
  const { t } = useTranslation('fixes');
  const format = useFormat();
  const [follow, setFollow] = useState(true);
  const box = useRef<HTMLDivElement>(null);
  const running = fix.status === 'running';
  // biome-ignore lint/correctness/useExhaustiveDependencies: another line moves the end
  useEffect(() => {
    if (follow && running) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [log.length, follow, running]);
  const save = (): void => {
    const lines = log.map(({ at, text }) => (at === null ? text : `${new Date(at).toISOString()} ${text}`));
    saveText(`${fix.id}.log`, `${lines.join('\n')}\n`);
  };
  return (
    <Panel
      title={t('one.tab.log')}
      flush
      aside={
        <>
          <span className="num">{t('one.logLines', { count: log.length })}</span>
          {running && (
            <Switch
              size="xs"
              label={t('one.logFollow')}
              checked={follow}
              onChange={(event) => setFollow(event.currentTarget.checked)}
            />
          )}
          <Button variant="subtle" size="compact-sm" leftSection={<IconDownload size={15} />} onClick={save}>
            {t('one.logDownload')}
          </Button>
        </>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div ref={box} className={classes.log} role="log" aria-label={t('one.tab.log')} tabIndex={0}>
        {log.length === 0 && <p className={classes.empty}>{t('one.logEmpty')}</p>}
        {log.map(({ at, text }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are only ever added at the end
          <div key={index} className={classes.line} data-stage={text.startsWith('stage: ') || undefined}>
            <span className={classes.time}>{at === null ? '' : format.clock(at)}</span>
            <bdi>{text}</bdi>
          </div>
        ))}
      </div>
    </Panel>
  );
}
