import { useElementScrollRestoration } from '@tanstack/react-router';
import { type RefObject, useLayoutEffect, useRef } from 'react';

/**
 * Scrolls a list to where it was when the user comes back to it. The router does so as soon as the page is there; rows that
 * have to be asked for again come later.
 */
export function useRestoredScroll(id: string, hasRows: boolean, scroller: RefObject<HTMLElement | null>): void {
  const entry = useElementScrollRestoration({ id });
  const wanted = useRef(entry?.scrollY ?? 0);
  useLayoutEffect(() => {
    if (!hasRows || wanted.current === 0) return;
    scroller.current?.scrollTo({ top: wanted.current });
    wanted.current = 0;
  }, [hasRows, scroller]);
}
