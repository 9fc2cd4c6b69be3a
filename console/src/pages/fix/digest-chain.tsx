import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FixReport } from '../../components/fix/report.ts';
import { Digest } from '../../components/show/values.tsx';
import classes from './digest-chain.module.css';

interface DigestChainProps {
  readonly report: FixReport;
  readonly tag: string;
  /** Whether the tag was set. */
  readonly promoted: boolean;
}

/** From the image that was fixed to the tag that names the result, each link by its digest. */
export function DigestChain({ report: { source, result }, tag, promoted }: DigestChainProps) {
  const { t } = useTranslation('fixes');
  const none = <span className={classes.none}>{t('one.chainNone')}</span>;
  const index = result?.indexDigest ?? null;
  const links: readonly (readonly [label: string, value: ReactNode, hint: string])[] = [
    [t('one.chainOrigin'), <Digest key="o" value={source.digest} />, t('one.chainOriginHint')],
    [t('one.chainFixed'), result === null ? none : <Digest key="f" value={result.digest} />, t('one.chainFixedHint')],
    ...(index === null
      ? []
      : [[t('one.chainIndex'), <Digest key="i" value={index} />, t('one.chainIndexHint')] as const]),
    [t('one.chainTag'), promoted ? <bdi key="t">{tag}</bdi> : none, t('one.chainTagHint')],
  ];
  return (
    <ol className={classes.chain}>
      {links.map(([label, value, hint]) => (
        <li key={label} className={classes.link}>
          <span className={classes.label}>{label}</span>
          <span className={classes.value}>{value}</span>
          <span className={classes.hint}>{hint}</span>
        </li>
      ))}
    </ol>
  );
}
