import { useEffect, useState } from 'react';
import { useUrlState } from '../../app/url-state.ts';
import { usePagedList } from '../../components/table/use-list.ts';
import { isScanning } from '../image/verdict.ts';

const followMs = 1000;
/** Rows up to which scans are followed each second; beyond, events tell when one ends. */
const mostFollowed = 400;

/** The images that a filter selects, in the order of the address; followed while one of them is scanned. */
export function useImageList(q: string) {
  const [sort] = useUrlState('sort', 'worst');
  const [direction] = useUrlState('dir');
  const [follow, setFollow] = useState(false);
  const list = usePagedList('/api/v1/images', {
    query: {
      q,
      sort: sort as 'worst',
      ...(direction === '' ? {} : { descending: direction === 'desc' ? 'true' : 'false' }),
    },
    refetchInterval: follow ? followMs : false,
  });
  const busy = list.rows.length <= mostFollowed && list.rows.some(isScanning);
  useEffect(() => setFollow(busy), [busy]);
  return list;
}
