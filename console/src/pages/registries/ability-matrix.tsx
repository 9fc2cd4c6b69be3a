import { Table } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconHelpCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import classes from './ability-matrix.module.css';

type Abilities = Schema<'RegistryAbilities'>;

/** Abilities in the order in which work needs them. */
export const abilityNames = ['list', 'pull', 'push', 'delete', 'referrers'] as const;

const icons = { yes: IconCircleCheck, no: IconCircleX, unknown: IconHelpCircle } as const;

/** What abilities mean for work: whether a registry can be scanned and fixed, only scanned, or neither. */
export function verdictOf(
  abilities: Abilities,
  kind: Schema<'Registry'>['kind'],
): 'good' | 'scanOnly' | 'bad' | 'unsure' {
  const { list, pull, push } = abilities;
  if (pull.state === 'no' || (list.state === 'no' && kind !== 'static')) return 'bad';
  if (push.state === 'no') return 'scanOnly';
  return pull.state === 'unknown' || push.state === 'unknown' ? 'unsure' : 'good';
}

/** Which of list, pull, push, delete and referrers works, with the reason where it does not. */
export function AbilityMatrix({
  abilities,
  kind,
}: {
  readonly abilities: Abilities;
  readonly kind: Schema<'Registry'>['kind'];
}) {
  const { t } = useTranslation('registries');
  const verdict = verdictOf(abilities, kind);
  return (
    <div className={classes.matrix}>
      <p className={classes.verdict} data-verdict={verdict} role="status">
        {t(`matrix.${verdict}`)}
      </p>
      <Table aria-label={t('matrix.title')} verticalSpacing={8} className={classes.table ?? ''}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th className={classes.name ?? ''}>{t('matrix.ability')}</Table.Th>
            <Table.Th className={classes.state ?? ''}>{t('matrix.answer')}</Table.Th>
            <Table.Th>{t('matrix.reason')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {abilityNames.map((name) => {
            const { state, code, reason } = abilities[name];
            const Icon = icons[state];
            return (
              <Table.Tr key={name}>
                <Table.Th scope="row">
                  <span className={classes.label}>{t(`ability.${name}`)}</span>
                  <span className={classes.use}>{t(`abilityUse.${name}`)}</span>
                </Table.Th>
                <Table.Td>
                  <span className={classes.answer} data-state={state}>
                    <Icon size={17} stroke={1.8} aria-hidden="true" />
                    {t(`can.${state}`)}
                  </span>
                </Table.Td>
                <Table.Td>
                  {reason !== null && <bdi className={classes.reason}>{reason}</bdi>}
                  {code !== null && <code className={classes.code}>{code}</code>}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </div>
  );
}
