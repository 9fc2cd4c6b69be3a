import { useUrlState } from '../../../app/url-state.ts';
import { usePagedList } from '../../../components/table/use-list.ts';
import { bothFilters } from '../../../filter/terms.ts';

/** The findings of an image, as the filter and the order of the address select them. */
export function useFindingList(uuid: string, enabled = true) {
  const [q] = useUrlState('q');
  const [sort] = useUrlState('sort', 'worst');
  const [direction] = useUrlState('dir');
  const filter = bothFilters(`image.uuid:${uuid}`, q);
  const list = usePagedList('/api/v1/findings', {
    query: {
      q: filter,
      sort: sort as 'worst',
      ...(direction === '' ? {} : { descending: direction === 'desc' ? 'true' : 'false' }),
    },
    enabled,
  });
  return { q, filter, list };
}
