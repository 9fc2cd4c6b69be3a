import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { useUrlState } from '../../app/url-state.ts';
import { EmptyState } from '../../components/feedback/states.tsx';
import { SearchField } from '../../components/filter/search-field.tsx';
import { usePagedList } from '../../components/table/use-list.ts';
import { NarrowedEmpty } from '../risks/narrowed-empty.tsx';
import { RiskFacets } from '../risks/risk-facets.tsx';
import { RiskHits } from '../risks/risk-hits.tsx';
import type { RiskWord } from '../risks/risk-kinds.ts';
import classes from '../risks/risks.module.css';
import { useNarrowing } from '../risks/use-narrowing.ts';

/** Findings of one kind of risk in one image; the tab of the baseline holds those of build instructions too. */
export function ImageRisksTab({ image, tab }: { readonly image: Schema<'Image'>; readonly tab: string }) {
  const { t } = useTranslation('risks');
  const { may } = useSession();
  const [of, setOf] = useUrlState('of', 'baseline');
  const word = wordOf(tab, of);
  const { query } = useNarrowing();
  const list = usePagedList('/api/v1/risks/{kind}/findings', {
    path: { kind: word },
    query: { ...query, q: `image.uuid:${image.uuid}`, listed: 'true' },
  });
  const { counts } = image;
  return (
    <>
      <div className={classes.line}>
        {tab === 'baseline' && (
          <SegmentedControl
            aria-label={t('kinds')}
            value={word}
            onChange={(next) => setOf(next, { push: true })}
            data={[
              { value: 'baseline', label: `${t('kind.baseline')} ${counts.baseline}` },
              { value: 'instructions', label: `${t('kind.instructions')} ${counts.instruction}` },
            ]}
          />
        )}
        <SearchField name="title" label={t('search')} />
        <div className={classes.facets}>
          <RiskFacets word={word} />
        </div>
      </div>
      <RiskHits
        label={t(`kind.${word}`)}
        list={list}
        ofOneImage
        mayDecide={may('drydock:decision:write', image.projectId)}
        empty={
          <NarrowedEmpty>
            <EmptyState
              title={image.scan.finishedAt === null ? t('empty.unscanned') : t(`empty.${word}`)}
              hint={image.scan.finishedAt === null ? t('empty.unscannedHint') : t('empty.hint')}
            />
          </NarrowedEmpty>
        }
      />
    </>
  );
}

function wordOf(tab: string, of: string): RiskWord {
  if (tab === 'malicious' || tab === 'sensitive') return tab;
  return of === 'instructions' ? 'instructions' : 'baseline';
}
