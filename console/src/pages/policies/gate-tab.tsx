import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { saveText } from '../../components/export/save-text.ts';
import { CodeBlock } from '../../components/show/code-block.tsx';
import { documentOf, firstDraft, type GateDraft, problemsOf } from './gate-draft.ts';
import { GateExceptions, GatePackages } from './gate-lists.tsx';
import { GateRisks } from './gate-risks.tsx';
import { GateVulnerabilities } from './gate-vulnerabilities.tsx';
import classes from './policies.module.css';
import { toYaml } from './yaml.ts';

const file = 'policy.yaml';

/** What a part of the form gets. */
export interface GatePartProps {
  readonly draft: GateDraft;
  readonly change: (part: Partial<GateDraft>) => void;
}

/** Writes a policy of a gate: a form beside the document that it makes. */
export function GateTab() {
  const { t } = useTranslation('policies');
  const [draft, setDraft] = useState(firstDraft);
  const change = (part: Partial<GateDraft>): void => setDraft((old) => ({ ...old, ...part }));
  const yaml = toYaml(documentOf(draft));
  const problems = problemsOf(draft);
  return (
    <div className={classes.gate}>
      <div className={classes.stack}>
        <GateVulnerabilities draft={draft} change={change} />
        <GateRisks draft={draft} change={change} />
        <GatePackages draft={draft} change={change} />
        <GateExceptions draft={draft} change={change} />
      </div>
      <div className={classes.sticky}>
        <p className={classes.hint}>{t('gate.hint')}</p>
        {problems.length === 0 ? (
          <p className={classes.sound} role="status">
            {t('gate.sound')}
          </p>
        ) : (
          <ul className={classes.problems} role="status">
            {problems.map(({ code, number, rule }) => (
              <li key={`${code} ${number} ${rule}`}>
                {t(`gate.problem.${code}`, { number: number ?? 0, rule: rule === undefined ? '' : t(`gate.${rule}`) })}
              </li>
            ))}
          </ul>
        )}
        <CodeBlock label={t('gate.document')} text={yaml} high />
        <Button
          variant="default"
          leftSection={<IconDownload size={16} />}
          disabled={problems.length > 0}
          onClick={() => saveText(file, yaml, 'application/yaml')}
        >
          {t('gate.download')}
        </Button>
        <p className={classes.hint}>{t('gate.command')}</p>
        <CodeBlock text={`drydock gate --policy ${file} IMAGE`} />
      </div>
    </div>
  );
}
