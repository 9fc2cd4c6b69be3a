import { useSetSearch, useUrlState } from '../../app/url-state.ts';
import { type Step, stepOf } from './steps.ts';

/** Where somebody is in the first steps; all of it is in the address, so that a reload goes on where it was. */
export interface StartState {
  readonly step: Step;
  /** Number of the registry; empty until there is one. */
  readonly registry: string;
  /** The scan that was ordered here; empty before. */
  readonly scan: string;
  readonly go: (change: { readonly step?: Step; readonly registry?: string; readonly scan?: string }) => void;
}

/** The state of the first steps. */
export function useStart(): StartState {
  const [asked] = useUrlState('step');
  const [registry] = useUrlState('registry');
  const [scan] = useUrlState('scan');
  const set = useSetSearch();
  return { step: stepOf(asked, registry), registry, scan, go: (change) => set({ ...change }) };
}
