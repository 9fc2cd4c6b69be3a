import { useEffect, useRef } from 'react';
import { keyIsTaken } from '../../components/table/row-keys.ts';
import { useGo } from '../go.ts';
import { navigation } from '../navigation.ts';

interface GlobalKeys {
  readonly openPalette: () => void;
  readonly openHelp: () => void;
}

const chordMs = 1500;
const targets = new Map(
  navigation.flatMap(({ entries }) =>
    entries.flatMap(({ to, key }) => (key === undefined ? [] : [[key, to] as const])),
  ),
);

/** Keys that work everywhere: ⌘K or Ctrl+K, `?`, and `g` with a letter to go to a page. */
export function useGlobalKeys(keys: GlobalKeys): void {
  const go = useGo();
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    let chord = 0;
    const hear = (event: KeyboardEvent): void => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        latest.current.openPalette();
        return;
      }
      if (keyIsTaken(event)) return;
      if (event.key === '?') {
        event.preventDefault();
        latest.current.openHelp();
      } else if (event.key === 'g') chord = Date.now();
      else if (Date.now() - chord < chordMs) {
        const to = targets.get(event.key);
        chord = 0;
        if (to === undefined) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        go(to);
      }
    };
    // In the capture phase, so that `g f` does not reach the `f` of a list.
    document.addEventListener('keydown', hear, true);
    return () => document.removeEventListener('keydown', hear, true);
  }, [go]);
}
