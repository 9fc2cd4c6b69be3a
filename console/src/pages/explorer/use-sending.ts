import { useCallback, useState } from 'react';
import { type ExplorerRequest, type Outcome, send } from './send.ts';

/** A request on its way, and what became of it. */
export interface Sending {
  readonly outcome: Outcome | null;
  /** Why there was no answer. */
  readonly failure: string | null;
  readonly pending: boolean;
  run(request: () => Promise<ExplorerRequest> | ExplorerRequest): Promise<void>;
  clear(): void;
}

const idle = { outcome: null, failure: null, pending: false } as const;

/** Sends requests one after the other. */
export function useSending(): Sending {
  const [state, setState] = useState<Omit<Sending, 'run' | 'clear'>>(idle);
  const run = useCallback(async (request: () => Promise<ExplorerRequest> | ExplorerRequest) => {
    setState({ ...idle, pending: true });
    try {
      setState({ ...idle, outcome: await send(await request()) });
    } catch (error) {
      setState({ ...idle, failure: error instanceof Error ? error.message : String(error) });
    }
  }, []);
  const clear = useCallback(() => setState(idle), []);
  return { ...state, run, clear };
}
