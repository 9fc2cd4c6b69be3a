import { useTranslation } from 'react-i18next';
import { useUrlState } from '../../app/url-state.ts';
import { valuesIn, withValues } from '../../filter/terms.ts';
import { severities } from '../show/severities.ts';
import { type Choice, ChoicesMenu } from './choices-menu.tsx';

interface FacetProps {
  readonly label: string;
  /** Field of the filter grammar. */
  readonly field: string;
  readonly options: readonly Choice[];
  /** Only one value at a time: flags. */
  readonly single?: boolean;
  readonly name?: string;
}

/** Chooses values of one field; writes them into the filter, and shows what the filter says. */
export function Facet({ label, field, options, single = false, name = 'q' }: FacetProps) {
  const [filter, setFilter] = useUrlState(name);
  return (
    <ChoicesMenu
      label={label}
      options={options}
      chosen={valuesIn(filter, field)}
      onChange={(values) => setFilter(withValues(filter, field, values), { push: true })}
      single={single}
    />
  );
}

interface FlagFacetProps extends Pick<FacetProps, 'label' | 'field'> {
  readonly yes: string;
  /** Absent where nobody looks for those without. */
  readonly no?: string;
}

/** Chooses between what has a property and what has it not. */
export function FlagFacet({ label, field, yes, no }: FlagFacetProps) {
  const without = no === undefined ? [] : [{ value: 'false', label: no }];
  return <Facet label={label} field={field} single options={[{ value: 'true', label: yes }, ...without]} />;
}

interface SeverityFacetProps {
  readonly label: string;
  readonly levels?: readonly ((typeof severities)[number] | 'negligible')[];
  readonly counts?: Readonly<Record<string, number>> | undefined;
}

/** Chooses severities. */
export function SeverityFacet({ label, levels = severities, counts }: SeverityFacetProps) {
  const { t } = useTranslation();
  const options = levels.map((value) => ({ value, label: t(`severity.${value}`), count: counts?.[value] }));
  return <Facet label={label} field="severity" options={options} />;
}
