import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react';
import { api, type Schema, setCsrfToken, whenSignedOut } from './client.ts';
import { ApiError } from './errors.ts';
import { followEvents } from './live.ts';

/** Who looks at the page, and what it may do. */
export interface Session {
  readonly me: Schema<'Me'>;
  /** Whether an action (`drydock:fix:start`) is allowed, in a project if one is named, else in any. */
  may(action: string, projectId?: number | null): boolean;
  /** Whether an action is allowed for all projects: what belongs to none (users, policies, audit, system) needs that. */
  mayEverywhere(action: string): boolean;
  signOut(): Promise<void>;
}

/** `loading` until the server has told; `away` when it does not answer at the first load. */
type State = { kind: 'loading' | 'signed-out' | 'away' } | { kind: 'signed-in'; me: Schema<'Me'> };

interface Gate {
  readonly state: State['kind'];
  signIn(name: string, password: string): Promise<void>;
  retry(): void;
}

const SessionContext = createContext<Session | null>(null);
const GateContext = createContext<Gate | null>(null);

/** Knows whether somebody is signed in; `children` choose between the sign-in page and the console. */
export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient();
  const [state, setState] = useState<State>({ kind: 'loading' });
  const accept = useCallback((me: Schema<'Me'>, csrf: string | undefined) => {
    setCsrfToken(csrf);
    setState({ kind: 'signed-in', me });
  }, []);
  const look = useCallback(() => {
    api.GET('/api/v1/session').then(
      ({ data }) => data && accept(data.me, data.csrfToken),
      (error: unknown) => setState({ kind: error instanceof ApiError && error.status === 401 ? 'signed-out' : 'away' }),
    );
  }, [accept]);
  useEffect(look, [look]);
  useEffect(() => {
    whenSignedOut(() => {
      setState((now) => (now.kind === 'signed-in' ? { kind: 'signed-out' } : now));
    });
  }, []);
  useEffect(() => (state.kind === 'signed-in' ? followEvents(client) : undefined), [state.kind, client]);

  const gate = useMemo<Gate>(
    () => ({
      state: state.kind,
      async signIn(name, password) {
        const { data } = await api.POST('/api/v1/session', { body: { name, password } });
        if (data !== undefined) accept(data.me, data.csrfToken);
      },
      retry: look,
    }),
    [state.kind, accept, look],
  );
  const session = useMemo<Session | null>(() => {
    if (state.kind !== 'signed-in') return null;
    const { me } = state;
    return {
      me,
      may(action, projectId) {
        const allowed = me.rights[action];
        if (allowed === undefined) return false;
        return allowed === 'all' || projectId == null || allowed.includes(projectId);
      },
      mayEverywhere: (action) => me.rights[action] === 'all',
      async signOut() {
        await api.DELETE('/api/v1/session');
        setCsrfToken(undefined);
        client.clear();
        setState({ kind: 'signed-out' });
      },
    };
  }, [state, client]);
  return (
    <GateContext value={gate}>
      <SessionContext value={session}>{children}</SessionContext>
    </GateContext>
  );
}

/** The session of who is signed in. Only below the shell. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (session === null) throw new Error('useSession outside of the shell');
  return session;
}

/** Signing in, and whether somebody is. */
export function useGate(): Gate {
  const gate = use(GateContext);
  if (gate === null) throw new Error('useGate outside of SessionProvider');
  return gate;
}
