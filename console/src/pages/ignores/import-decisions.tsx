import { Button, Select, TextInput } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { type DragEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { useErrorText } from '../../components/feedback/states.tsx';
import { refresh } from '../../components/feedback/use-change.ts';
import { dayFromNow, endOfDay } from '../../components/ignore/ignore-order.ts';
import { decisionTouches } from '../../components/ignore/touches.ts';
import { useProjects } from '../../components/ignore/use-draft.ts';
import { Panel } from '../../components/page/page.tsx';
import classes from './ignores.module.css';
import { ImportResult, type Told } from './import-result.tsx';

const mostBytes = 16 * 1024 * 1024;
const accepted = '.json,.yaml,.yml,.trivyignore,.txt,application/json';

/** Takes over documents of others: chosen, or dropped on the page; each file tells what became of it. */
export function ImportDecisions() {
  const { t } = useTranslation('ignores');
  const errorText = useErrorText();
  const projects = useProjects();
  const input = useRef<HTMLInputElement>(null);
  const [project, setProject] = useState('');
  const [lastDay, setLastDay] = useState('');
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<readonly Told[]>([]);
  const only = projects.options.length === 1 ? projects.options[0]?.value : undefined;
  const chosen = project === '' && !projects.all ? (only ?? '') : project;

  const importFile = async (file: File): Promise<Omit<Told, 'number'>> => {
    if (file.size > mostBytes) return { name: file.name, error: t('import.tooLarge') };
    try {
      const body = {
        name: file.name,
        content: await file.text(),
        ...(chosen === '' ? {} : { projectId: Number(chosen) }),
        expiresAt: endOfDay(lastDay),
      };
      const { data } = await api.POST('/api/v1/decisions/import', { body });
      return data === undefined ? { name: file.name, error: errorText(null) } : { name: file.name, result: data };
    } catch (error) {
      return { name: file.name, error: errorText(error) };
    }
  };
  const take = async (files: readonly File[]): Promise<void> => {
    if (busy || files.length === 0) return;
    setBusy(true);
    // One after the other: a later document may replace what an earlier one said.
    for (const file of files) {
      const one = await importFile(file);
      setTold((old) => [{ ...one, number: old.length }, ...old]);
    }
    setBusy(false);
    refresh(decisionTouches);
  };
  const drag = (on: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setOver(on);
  };
  return (
    <div className={classes.import}>
      <Panel>
        <div className={classes.options}>
          {(projects.all || projects.options.length > 1) && (
            <Select
              label={t('reach.project')}
              data={[...(projects.all ? [{ value: '', label: t('import.allProjects') }] : []), ...projects.options]}
              value={chosen}
              onChange={(value) => setProject(value ?? '')}
            />
          )}
          <TextInput
            type="date"
            label={t('import.end')}
            min={dayFromNow(1)}
            value={lastDay}
            onChange={(event) => setLastDay(event.currentTarget.value)}
          />
        </div>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the button inside does the same for keys */}
        <div
          className={classes.drop}
          data-over={over || undefined}
          onDragOver={drag(true)}
          onDragEnter={drag(true)}
          onDragLeave={drag(false)}
          onDrop={(event) => {
            drag(false)(event);
            void take([...event.dataTransfer.files]);
          }}
        >
          <IconFileImport size={28} stroke={1.4} />
          <p className={classes.dropTitle}>{t('import.drop')}</p>
          <p className={classes.note}>{t('import.formats')}</p>
          <Button loading={busy} onClick={() => input.current?.click()}>
            {t('import.choose')}
          </Button>
          <input
            ref={input}
            type="file"
            hidden
            multiple
            accept={accepted}
            aria-label={t('import.choose')}
            onChange={(event) => {
              void take([...(event.currentTarget.files ?? [])]);
              event.currentTarget.value = '';
            }}
          />
        </div>
      </Panel>
      <div role="status" aria-live="polite" className={classes.results}>
        {told.map((one) => (
          <ImportResult key={one.number} told={one} />
        ))}
      </div>
    </div>
  );
}
