import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Link } from '../../app/link.tsx';
import { type SeverityName, severities } from '../../components/show/severity.tsx';
import { useFormat } from '../../i18n/format.ts';
import classes from './image-page.module.css';
import { isScanning, type Verdict, verdictOf, vulnerabilitiesOf } from './verdict.ts';

type Image = Schema<'Image'>;

/** The verdict in a word, and the numbers it comes from; each number leads to what it counts. */
export function VerdictStrip({ image }: { readonly image: Image }) {
  const { t } = useTranslation(['image', 'common']);
  const { counts } = image;
  const found = vulnerabilitiesOf(image);
  return (
    <section className={classes.strip} aria-label={t('verdict.label')}>
      <VerdictWord verdict={verdictOf(image)} image={image} />
      <div className={classes.figures}>
        {severities
          .filter((name) => name !== 'unknown' || found.unknown > 0)
          .map((name) => (
            <Figure
              key={name}
              label={t(`common:severity.${name}`)}
              value={found[name]}
              tone={name}
              search={{ q: `severity:${name}` }}
            />
          ))}
        <span className={classes.rule} aria-hidden="true" />
        <Figure
          label={t('verdict.fixable')}
          value={counts.cve.fixable + counts.sca.fixable}
          search={{ q: 'fixable:true' }}
        />
        <Figure label={t('verdict.kev')} value={counts.kev} tone="critical" search={{ q: 'kev:true' }} />
        <span className={classes.rule} aria-hidden="true" />
        <Figure label={t('verdict.malicious')} value={counts.malicious} tone="critical" search={{ tab: 'malicious' }} />
        <Figure label={t('verdict.sensitive')} value={counts.sensitive} tone="high" search={{ tab: 'sensitive' }} />
        <Figure
          label={t('verdict.baseline')}
          value={counts.baseline + counts.instruction}
          search={{ tab: 'baseline' }}
        />
      </div>
    </section>
  );
}

function VerdictWord({ verdict, image }: { readonly verdict: Verdict; readonly image: Image }) {
  const { t } = useTranslation(['image', 'common']);
  const words = (): readonly [tone: string, word: string, under: string] => {
    switch (verdict.kind) {
      case 'malicious':
        return ['critical', t('verdict.maliciousWord'), t('verdict.maliciousUnder')];
      case 'severity':
        return [
          verdict.level,
          t(`common:severity.${verdict.level}`),
          t('verdict.worstOf', { count: image.counts.vulnerabilities }),
        ];
      case 'risks':
        return ['medium', t('verdict.risksWord'), t('verdict.risksUnder')];
      case 'clean':
        return ['good', t('verdict.cleanWord'), t('verdict.cleanUnder')];
      case 'noneSoFar':
        return ['unknown', t('verdict.noneWord'), t('verdict.noneUnder')];
      default:
        return ['unknown', t('verdict.unknownWord'), isScanning(image) ? t('verdict.soon') : t('verdict.unknownUnder')];
    }
  };
  const [tone, word, under] = words();
  return (
    <div className={classes.verdict} data-tone={tone}>
      <span className={classes.word}>{word}</span>
      <span className={classes.under}>{under}</span>
    </div>
  );
}

function Figure({
  label,
  value,
  tone,
  search,
}: {
  readonly label: string;
  readonly value: number;
  readonly tone?: SeverityName;
  readonly search: Readonly<Record<string, string>>;
}) {
  const format = useFormat();
  return (
    <Link
      to="."
      search={search}
      className={classes.figure}
      data-tone={value === 0 ? undefined : tone}
      data-zero={value === 0 || undefined}
    >
      <strong>{format.number(value)}</strong>
      <span>{label}</span>
    </Link>
  );
}
