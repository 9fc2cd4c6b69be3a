import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client.ts';
import { Facet, FlagFacet, SeverityFacet } from '../../components/filter/facet.tsx';
import { scanStates } from '../../components/show/status.tsx';

const states = ['never', ...scanStates] as const;

/** Ways to choose images without writing a filter; numbers are those of the images that the filter selects. */
export function ImageFacets({ filter }: { readonly filter: string }) {
  const { t } = useTranslation(['images', 'common']);
  const { data } = $api.useQuery('get', '/api/v1/images/facets', {
    params: { query: filter === '' ? {} : { q: filter } },
  });
  return (
    <>
      <SeverityFacet label={t('facet.severity')} counts={data?.bySeverity} />
      <FlagFacet label={t('facet.fixable')} field="fixable" yes={t('facet.fixableYes')} no={t('facet.fixableNo')} />
      <FlagFacet label={t('facet.kev')} field="kev" yes={t('facet.kevYes')} />
      <Facet
        label={t('facet.scan')}
        field="scan"
        options={states.map((value) => ({ value, label: t(`common:scanState.${value}`), count: data?.byState[value] }))}
      />
    </>
  );
}
