import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';

/** Goes to an address inside of the console, with its parts filled in. */
export function useGo(): (to: string, search?: Readonly<Record<string, string | undefined>>) => void {
  const navigate = useNavigate();
  return useCallback((to, search = {}) => void navigate({ to: to as never, search: search as never }), [navigate]);
}
