import { useUrlState } from '../../app/url-state.ts';
import { choicesOf } from '../../components/filter/choice-facet.tsx';

/** What the address says of levels, statuses and titles, as members of the query of the lists of risks. */
export function useNarrowing(): { readonly query: Readonly<Record<string, string | string[]>>; readonly any: boolean } {
  const [levels] = useUrlState('levels');
  const [statuses] = useUrlState('statuses');
  const [title] = useUrlState('title');
  const query = {
    ...(levels === '' ? {} : { levels: [...choicesOf(levels)] }),
    ...(statuses === '' ? {} : { statuses: [...choicesOf(statuses)] }),
    ...(title === '' ? {} : { title }),
  };
  return { query, any: Object.keys(query).length > 0 };
}
