import { useTranslation } from 'react-i18next';
import { Facet, FlagFacet, SeverityFacet } from '../../../components/filter/facet.tsx';

const severities = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const;
const states = ['fixed', 'unfixed', 'will_not_fix', 'end_of_life', 'unimportant'] as const;
const kinds = ['cve', 'sca'] as const;

/** Ways to choose findings of one image without writing a filter. */
export function FindingFacets() {
  const { t } = useTranslation('image');
  return (
    <>
      <SeverityFacet label={t('column.severity')} levels={severities} />
      <FlagFacet label={t('facet.fix')} field="fixable" yes={t('facet.fixableYes')} no={t('facet.fixableNo')} />
      <Facet
        label={t('facet.kind')}
        field="kind"
        options={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
      />
      <Facet
        label={t('column.state')}
        field="state"
        options={states.map((value) => ({ value, label: t(`state.${value}`) }))}
      />
      <Facet
        label={t('column.handled')}
        field="handled"
        single
        options={[
          { value: 'false', label: t('handled.open') },
          { value: 'true', label: t('facet.handledYes') },
        ]}
      />
    </>
  );
}
