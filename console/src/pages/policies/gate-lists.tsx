import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../components/page/page.tsx';
import { type GateDraft, nextKey } from './gate-draft.ts';
import type { GatePartProps } from './gate-tab.tsx';
import classes from './policies.module.css';

/** Packages that no image may have. */
export function GatePackages({ draft, change }: GatePartProps) {
  const { t } = useTranslation(['policies', 'common']);
  const { packages } = draft;
  const set = (key: number, part: Partial<GateDraft['packages'][number]>): void =>
    change({ packages: packages.map((one) => (one.key === key ? { ...one, ...part } : one)) });
  return (
    <Panel title={t('gate.packages')}>
      <div className={classes.stack}>
        <p className={classes.hint}>{t('gate.packagesHint')}</p>
        {packages.map((one, index) => (
          <div key={one.key} className={classes.line} data-kind="package">
            <TextInput
              label={t('gate.purl')}
              placeholder="pkg:npm/event-stream@3.3.6"
              value={one.purl}
              spellCheck={false}
              onChange={(event) => set(one.key, { purl: event.currentTarget.value })}
            />
            <TextInput
              label={`${t('gate.reason')} (${t('common:optional')})`}
              value={one.reason}
              onChange={(event) => set(one.key, { reason: event.currentTarget.value })}
            />
            <RemoveButton
              label={t('gate.removePackage', { number: index + 1 })}
              onClick={() => change({ packages: packages.filter(({ key }) => key !== one.key) })}
            />
          </div>
        ))}
        <AddButton
          label={t('gate.addPackage')}
          onClick={() => change({ packages: [...packages, { key: nextKey(), purl: '', reason: '' }] })}
        />
      </div>
    </Panel>
  );
}

/** Findings that count for no rule, with reason and last day. */
export function GateExceptions({ draft, change }: GatePartProps) {
  const { t } = useTranslation(['policies', 'common']);
  const { allow } = draft;
  const set = (key: number, part: Partial<GateDraft['allow'][number]>): void =>
    change({ allow: allow.map((one) => (one.key === key ? { ...one, ...part } : one)) });
  return (
    <Panel title={t('gate.exceptions')}>
      <div className={classes.stack}>
        <p className={classes.hint}>{t('gate.exceptionsHint')}</p>
        {allow.map((one, index) => (
          <div key={one.key} className={classes.item}>
            <div className={classes.line} data-kind="exception">
              <TextInput
                label={t('gate.id')}
                placeholder="CVE-2024-0001"
                value={one.id}
                spellCheck={false}
                onChange={(event) => set(one.key, { id: event.currentTarget.value })}
              />
              <TextInput
                label={`${t('gate.onPackage')} (${t('common:optional')})`}
                placeholder="pkg:deb/debian/openssl"
                value={one.package}
                spellCheck={false}
                onChange={(event) => set(one.key, { package: event.currentTarget.value })}
              />
              <TextInput
                type="date"
                label={t('gate.until')}
                description={one.until === '' ? t('gate.never') : undefined}
                inputWrapperOrder={['label', 'input', 'description', 'error']}
                value={one.until}
                onChange={(event) => set(one.key, { until: event.currentTarget.value })}
              />
              <RemoveButton
                label={t('gate.removeException', { number: index + 1 })}
                onClick={() => change({ allow: allow.filter(({ key }) => key !== one.key) })}
              />
            </div>
            <TextInput
              label={t('gate.reason')}
              value={one.reason}
              maxLength={1000}
              onChange={(event) => set(one.key, { reason: event.currentTarget.value })}
            />
          </div>
        ))}
        <AddButton
          label={t('gate.addException')}
          onClick={() => change({ allow: [...allow, { key: nextKey(), id: '', package: '', reason: '', until: '' }] })}
        />
      </div>
    </Panel>
  );
}

function AddButton({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  return (
    <div>
      <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={15} />} onClick={onClick}>
        {label}
      </Button>
    </div>
  );
}

function RemoveButton({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  return (
    <ActionIcon variant="subtle" color="gray" size={36} aria-label={label} onClick={onClick}>
      <IconTrash size={16} />
    </ActionIcon>
  );
}
