import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './errors.ts';

/** Answers stay readable while the server is away; they are asked for again when it is back and when events say so. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      gcTime: 10 * 60_000,
      retry: (count, error) => error instanceof ApiError && error.temporary && count < 2,
      retryDelay: (count) => 500 * 2 ** count,
      refetchOnWindowFocus: false,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});
