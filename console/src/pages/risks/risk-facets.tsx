import { useTranslation } from 'react-i18next';
import { ChoiceFacet } from '../../components/filter/choice-facet.tsx';
import { levelsOf, type RiskWord, riskStatuses } from './risk-kinds.ts';

/** Chooses levels and how findings stand. */
export function RiskFacets({ word }: { readonly word: RiskWord }) {
  const { t } = useTranslation(['risks', 'common']);
  return (
    <>
      <ChoiceFacet
        label={t('column.level')}
        name="levels"
        options={levelsOf(word).map((value) => ({ value, label: t(`common:severity.${value}`) }))}
      />
      <ChoiceFacet
        label={t('column.status')}
        name="statuses"
        options={riskStatuses.map((value) => ({ value, label: t(`status.${value}`) }))}
      />
    </>
  );
}
