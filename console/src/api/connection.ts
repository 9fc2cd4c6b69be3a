/** Whether the server answers, as the last requests tell. One for the page. */
export interface Connection {
  readonly state: 'online' | 'offline';
  /** Since when it does not answer, in ms; null while it does. */
  readonly since: number | null;
}

let current: Connection = { state: 'online', since: null };
let probe: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();
const probeMs = 3000;

function set(next: Connection): void {
  current = next;
  for (const listener of listeners) listener();
}

function answers(): Promise<boolean> {
  return fetch('/livez', { cache: 'no-store', signal: AbortSignal.timeout(probeMs) }).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function ask(): Promise<void> {
  if (await answers()) reportOnline();
  else probe = setTimeout(ask, probeMs);
}

/** A request got an answer. */
export function reportOnline(): void {
  clearTimeout(probe);
  probe = undefined;
  if (current.state === 'offline') set({ state: 'online', since: null });
}

/** A request got none; from now on the server is asked every three seconds. */
export function reportOffline(): void {
  if (current.state === 'offline') return;
  set({ state: 'offline', since: Date.now() });
  probe ??= setTimeout(ask, probeMs);
}

/** The stream of events broke, which may be the end of the server or of one connection: asks the server. */
export async function doubtConnection(): Promise<void> {
  if (current.state === 'online' && !(await answers())) reportOffline();
}

/** For `useSyncExternalStore`. */
export const connection = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  get: (): Connection => current,
};
