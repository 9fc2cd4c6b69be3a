import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Link } from '../../app/link.tsx';
import { Facts, Panel } from '../../components/page/page.tsx';
import { Count } from '../../components/show/values.tsx';
import classes from './ignores.module.css';

/** What became of a file. */
export interface Told {
  /** Which one it was, counted from the first. */
  readonly number: number;
  readonly name: string;
  readonly error?: string;
  readonly result?: Schema<'ImportedDecisions'>;
}

/** The name under which the server keeps what a document says. */
function sourceOf(document: string): string {
  return `document:${document.slice(0, 400)}`;
}

/** What of a file holds now, and why the rest does not. */
export function ImportResult({ told: { name, error, result } }: { readonly told: Told }) {
  const { t } = useTranslation('ignores');
  return (
    <Panel
      title={name}
      aside={
        result !== undefined &&
        result.added > 0 && (
          <Link to="/ignores" search={{ source: sourceOf(result.document) }}>
            {t('import.show')}
          </Link>
        )
      }
    >
      {error !== undefined && (
        <p role="alert" className={classes.error}>
          {error}
        </p>
      )}
      {result !== undefined && (
        <>
          <Facts
            items={[
              [t('import.format'), t(`import.formatName.${result.format}`)],
              result.document === name ? null : [t('import.document'), <bdi key="document">{result.document}</bdi>],
              [t('import.added'), <Count key="added" value={result.added} />],
              [t('import.revoked'), <Count key="revoked" value={result.revoked} />],
              [t('import.skipped'), <Count key="skipped" value={result.skipped.length} />],
            ]}
          />
          {result.skipped.length > 0 && (
            <ul className={classes.skipped}>
              {result.skipped.map((why) => (
                <li key={why}>
                  <bdi>{why}</bdi>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </Panel>
  );
}
