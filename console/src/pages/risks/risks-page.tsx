import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client.ts';
import { useUrlState } from '../../app/url-state.ts';
import { Page } from '../../components/page/page.tsx';
import { PageTabs } from '../../components/page/page-tabs.tsx';
import { RiskGroups } from './risk-groups.tsx';
import { kindOf, type RiskWord, riskWords } from './risk-kinds.ts';

/** Risks that are no vulnerabilities, over all images: failed checks, build instructions, malicious files, secrets. */
export function RisksPage() {
  const { t } = useTranslation('risks');
  const [q] = useUrlState('q');
  const { data } = $api.useQuery('get', '/api/v1/risks', { params: { query: q === '' ? {} : { q } } });
  return (
    <Page title={t('title')} subtitle={t('subtitle')} fill>
      <PageTabs
        keep={['q']}
        tabs={riskWords.map((word) => ({
          id: word,
          label: t(`kind.${word}`),
          count: data?.[kindOf[word]].total,
        }))}
      >
        {(word) => <RiskGroups key={word} word={word as RiskWord} />}
      </PageTabs>
    </Page>
  );
}
