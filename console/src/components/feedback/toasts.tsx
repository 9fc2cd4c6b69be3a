import { Button, CloseButton, Portal } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './toasts.module.css';

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly bad: boolean;
  /** Takes the action back, or leads to what it made. */
  readonly action?: { readonly label: string; readonly run: () => void };
}

let toasts: readonly Toast[] = [];
let count = 0;
const listeners = new Set<() => void>();
const shownMs = 8000;

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Tells what was done, with a way to take it back; goes by itself. Failures stay until they are closed. */
export function toast(text: string, options: { readonly bad?: boolean; readonly action?: Toast['action'] } = {}): void {
  const id = ++count;
  const { bad = false, action } = options;
  set([...toasts.slice(-3), { id, text, bad, ...(action === undefined ? {} : { action }) }]);
  if (!bad) setTimeout(() => close(id), shownMs);
}

function close(id: number): void {
  set(toasts.filter((one) => one.id !== id));
}

/** Where toasts appear; one for the page. */
export function Toasts() {
  const { t } = useTranslation();
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <Portal>
      <div className={classes.toasts} role="status" aria-live="polite">
        {shown.map(({ id, text, bad, action }) => (
          <div key={id} className={classes.toast} data-bad={bad || undefined}>
            {bad ? <IconAlertTriangle size={18} /> : <IconCheck size={18} />}
            <span className={classes.text}>{text}</span>
            {action !== undefined && (
              <Button
                size="compact-sm"
                variant="subtle"
                onClick={() => {
                  close(id);
                  action.run();
                }}
              >
                {action.label}
              </Button>
            )}
            <CloseButton size="sm" aria-label={t('close')} onClick={() => close(id)} />
          </div>
        ))}
      </div>
    </Portal>
  );
}
