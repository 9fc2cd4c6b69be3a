import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Link } from '../../app/link.tsx';
import { Clip, Count, Time } from '../../components/show/values.tsx';
import type { Column } from '../../components/table/columns.ts';
import { abilityNames } from './ability-matrix.tsx';
import classes from './registry-columns.module.css';
import { RegistryState } from './registry-state.tsx';

type Registry = Schema<'Registry'>;

/** Columns of the list of registries. */
export function useRegistryColumns(): readonly Column<Registry>[] {
  const { t } = useTranslation('registries');
  return useMemo(
    () => [
      {
        id: 'name',
        label: t('column.name'),
        width: 'minmax(9rem, 1.3fr)',
        cell: (registry) => (
          <Link to={`/registries/${registry.id}`} className={classes.name}>
            <Clip text={registry.name} />
          </Link>
        ),
      },
      {
        id: 'state',
        label: t('column.state'),
        width: '9.5rem',
        cell: (registry) => <RegistryState registry={registry} />,
      },
      {
        id: 'address',
        label: t('column.address'),
        width: 'minmax(10rem, 2fr)',
        cell: ({ baseUrl }) => <Clip text={baseUrl} />,
      },
      {
        id: 'abilities',
        label: t('column.abilities'),
        width: '16.5rem',
        cell: (registry) => <Abilities registry={registry} />,
      },
      {
        id: 'images',
        label: t('column.images'),
        width: '6rem',
        align: 'end',
        cell: ({ images }) => <Count value={images ?? 0} />,
      },
      { id: 'synced', label: t('column.synced'), width: '8.5rem', cell: ({ syncedAt }) => <Time at={syncedAt} /> },
      {
        id: 'checked',
        label: t('column.checked'),
        width: '9rem',
        hidden: true,
        cell: ({ checkedAt }) => <Time at={checkedAt} />,
      },
      { id: 'kind', label: t('column.kind'), width: '9rem', hidden: true, cell: ({ kind }) => t(`kind.${kind}`) },
      {
        id: 'region',
        label: t('column.region'),
        width: '8rem',
        hidden: true,
        cell: ({ region }) => <Clip text={region} />,
      },
    ],
    [t],
  );
}

/** The five abilities as words; those that do not work are struck through and say why. */
function Abilities({ registry: { abilities } }: { readonly registry: Registry }) {
  const { t } = useTranslation('registries');
  if (abilities === null) return <span className={classes.quiet}>{t('matrix.none')}</span>;
  return (
    <span className={classes.abilities}>
      {abilityNames.map((name) => {
        const { state, reason } = abilities[name];
        return (
          <span
            key={name}
            className={classes.ability}
            data-state={state}
            title={[t(`ability.${name}`), t(`can.${state}`), reason].filter(Boolean).join(': ')}
          >
            {t(`abilityShort.${name}`)}
            <span className="sr-only"> {t(`can.${state}`)}</span>
          </span>
        );
      })}
    </span>
  );
}
