import { useEffect, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';

/** How long something took; what is under way counts on each second. */
export function Elapsed({ from, to }: { readonly from: number; readonly to: number | null }) {
  const format = useFormat();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (to !== null) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [to]);
  const ms = Math.max(0, (to ?? now) - from);
  // Under way, tenths would only be noise.
  return <span className="num">{format.duration(to === null ? Math.floor(ms / 1000) * 1000 : ms)}</span>;
}
