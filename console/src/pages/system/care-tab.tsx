import { useTranslation } from 'react-i18next';
import { Panel } from '../../components/page/page.tsx';
import { CodeBlock } from '../../components/show/code-block.tsx';
import classes from './system.module.css';

const commands = [
  ['doctor', 'drydock doctor'],
  ['backup', 'drydock backup create drydock.backup --passphrase-file pass.txt\ndrydock backup verify drydock.backup'],
  ['restore', 'drydock restore drydock.backup --passphrase-file pass.txt'],
  ['airgap', 'drydock db export advisories.bundle\ndrydock db import advisories.bundle'],
  ['config', 'drydock config'],
  [
    'metrics',
    'curl http://127.0.0.1:8480/livez\ncurl http://127.0.0.1:8480/readyz\ncurl http://127.0.0.1:8480/metrics',
  ],
] as const;

/** What is done on the machine of the service, as commands. */
export function CareTab() {
  const { t } = useTranslation('system');
  return (
    <div className={classes.cards}>
      {commands.map(([id, command]) => (
        <Panel key={id} title={t(`care.${id}`)}>
          <div className={classes.card}>
            <p className={classes.hint}>{t(`care.${id}Text`)}</p>
            <CodeBlock text={command.replaceAll('http://127.0.0.1:8480', location.origin)} wrap />
          </div>
        </Panel>
      ))}
    </div>
  );
}
