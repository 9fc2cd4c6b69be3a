import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client.ts';
import { Facet } from '../../components/filter/facet.tsx';
import { severities } from '../../components/show/severity.tsx';

const states = [
  'never',
  'queued',
  'pulling',
  'analysing',
  'matched',
  'partial',
  'unsupported',
  'too_large',
  'failed',
  'cancelled',
] as const;

/** Ways to choose images without writing a filter; numbers are those of the images that the filter selects. */
export function ImageFacets({ filter }: { readonly filter: string }) {
  const { t } = useTranslation(['images', 'common']);
  const { data } = $api.useQuery('get', '/api/v1/images/facets', {
    params: { query: filter === '' ? {} : { q: filter } },
  });
  return (
    <>
      <Facet
        label={t('facet.severity')}
        field="severity"
        options={severities.map((value) => ({
          value,
          label: t(`common:severity.${value}`),
          count: data?.bySeverity[value],
        }))}
      />
      <Facet
        label={t('facet.fixable')}
        field="fixable"
        single
        options={[
          { value: 'true', label: t('facet.fixableYes') },
          { value: 'false', label: t('facet.fixableNo') },
        ]}
      />
      <Facet label={t('facet.kev')} field="kev" single options={[{ value: 'true', label: t('facet.kevYes') }]} />
      <Facet
        label={t('facet.scan')}
        field="scan"
        options={states.map((value) => ({ value, label: t(`common:scanState.${value}`), count: data?.byState[value] }))}
      />
    </>
  );
}
