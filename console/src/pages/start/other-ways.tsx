import { useTranslation } from 'react-i18next';
import { Panel } from '../../components/page/page.tsx';
import { CodeBlock } from '../../components/show/code-block.tsx';
import classes from './start.module.css';

const bundle = ['drydock db update', 'drydock db export advisories.bundle --sign-key operator.pem'].join('\n');
const take = 'drydock db import advisories.bundle --verify-key operator.pub';
const alone = [
  'drydock scan archive:image.tar',
  'drydock scan oci:layout:tag',
  'drydock fix oci:layout:tag --all-fixable --tag-suffix -fixed',
].join('\n');

/** What to do without a network, and without a registry. */
export function OtherWays() {
  const { t } = useTranslation('start');
  return (
    <Panel title={t('other.title')}>
      <div className={classes.ways}>
        <section className={classes.way}>
          <h3>{t('other.airGap')}</h3>
          <p className={classes.hint}>{t('other.airGapHint')}</p>
          <CodeBlock label={t('other.there')} text={bundle} wrap />
          <CodeBlock label={t('other.here')} text={take} wrap />
        </section>
        <section className={classes.way}>
          <h3>{t('other.cli')}</h3>
          <p className={classes.hint}>{t('other.cliHint')}</p>
          <CodeBlock label={t('other.scan')} text={alone} wrap />
        </section>
      </div>
    </Panel>
  );
}
