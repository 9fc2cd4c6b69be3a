import type { ReactNode } from 'react';
import { useSetSearch } from '../../app/url-state.ts';
import { NothingFound } from '../../components/table/filtered-empty.tsx';
import { useNarrowing } from './use-narrowing.ts';

interface NarrowedEmptyProps {
  /** Of images, where the list has one. */
  readonly filter?: string;
  readonly children: ReactNode;
}

/** An empty list of risks: because of what the user chose, or (`children`) because there is nothing. */
export function NarrowedEmpty({ filter = '', children }: NarrowedEmptyProps) {
  const { any } = useNarrowing();
  const set = useSetSearch();
  if (!any && filter === '') return children;
  return <NothingFound clear={() => set({ q: undefined, levels: undefined, statuses: undefined, title: undefined })} />;
}
