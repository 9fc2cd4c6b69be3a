import { type ComponentType, Suspense, useState } from 'react';

interface OnDemandProps {
  /** A lazy component. */
  readonly dialog: ComponentType<Omit<OnDemandProps, 'dialog'>>;
  readonly opened: boolean;
  readonly close: () => void;
}

/** A dialog whose code is no part of the bundle: it comes when it is first opened, unless it was there before, and stays. */
export function OnDemand({ dialog: Dialog, opened, close }: OnDemandProps) {
  const [wanted, setWanted] = useState(opened);
  if (opened && !wanted) setWanted(true);
  if (!wanted) return null;
  return (
    <Suspense fallback={null}>
      <Dialog opened={opened} close={close} />
    </Suspense>
  );
}

const afterMs = 1500;

/** Does something when the first page is there and the browser has nothing else to do. @returns how to leave it */
export function whenIdle(run: () => void): () => void {
  const timer = setTimeout(() => {
    if ('requestIdleCallback' in window) requestIdleCallback(run, { timeout: 5000 });
    else run();
  }, afterMs);
  return () => clearTimeout(timer);
}
