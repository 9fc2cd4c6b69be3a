import { useMutation } from '@tanstack/react-query';
import { useCallback, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/errors.ts';
import { queryClient } from '../../api/query-client.ts';
import { useErrorText } from './states.tsx';
import { toast } from './toasts.tsx';

interface ChangeOptions<V, R> {
  readonly run: (input: V) => Promise<R>;
  /** Paths of the API whose answers are old afterwards. */
  readonly touches: readonly string[];
  /** What to say when it is done, and how to take it back. */
  readonly done?: (
    result: R,
    input: V,
  ) =>
    | {
        readonly text: string;
        readonly undo?: () => Promise<unknown>;
        readonly open?: { label: string; run: () => void };
      }
    | undefined;
  readonly after?: (result: R, input: V) => void;
  /** Shows failures itself (a form); without it they are told in a toast. */
  readonly quiet?: boolean;
}

/** Asks again for everything below these paths. */
export function refresh(touches: readonly string[]): void {
  queryClient.invalidateQueries({
    predicate: ({ queryKey }) => touches.some((path) => String(queryKey[1] ?? '').startsWith(path)),
  });
}

/**
 * A change of the user: runs once at a time, tells its end, offers undo where it can be taken back, and refuses clearly
 * when the server is away.
 */
export function useChange<V = void, R = unknown>({ run, touches, done, after, quiet }: ChangeOptions<V, R>) {
  const { t } = useTranslation();
  const text = useErrorText();
  const busy = useRef(false);
  const change = useMutation<R, unknown, V>({
    mutationFn: run,
    onSuccess(result, input) {
      refresh(touches);
      const told = done?.(result, input);
      if (told !== undefined) {
        const { undo, open } = told;
        const takeBack = async (): Promise<void> => {
          try {
            await undo?.();
            toast(t('undone'));
          } catch (error) {
            toast(text(error), { bad: true });
          }
          refresh(touches);
        };
        const action = undo === undefined ? open : { label: t('undo'), run: takeBack };
        toast(told.text, action === undefined ? {} : { action });
      }
      after?.(result, input);
    },
    onError(error) {
      if (quiet === true) return;
      const away = error instanceof ApiError && error.temporary;
      toast(away ? t('offlineAction') : text(error), { bad: true });
    },
    onSettled() {
      busy.current = false;
    },
  });
  const { mutate } = change;
  // `isPending` reaches a button with its next drawing; the second click of two can be sooner.
  const once = useCallback(
    (...args: Parameters<typeof mutate>): void => {
      if (busy.current) return;
      busy.current = true;
      mutate(...args);
    },
    [mutate],
  );
  return { ...change, mutate: once };
}
