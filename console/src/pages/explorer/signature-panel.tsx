import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../components/page/page.tsx';
import { CodeBlock } from '../../components/show/code-block.tsx';
import type { Credentials } from './credentials-form.tsx';
import classes from './explorer.module.css';
import { curlOf } from './signing/curl.ts';
import { canSign, type SignedRequest } from './signing/primitives.ts';

/** Time and nonce of a signature. */
export interface Moment {
  readonly at: Date;
  readonly nonce: string;
}

/** A moment to sign at: now. */
export function thisMoment(): Moment {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return { at: new Date(), nonce: [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('') };
}

interface SignaturePanelProps {
  readonly credentials: Credentials;
  /** Signs what the form says now; it must be another function whenever that changes. */
  readonly sign: (moment: Moment) => Promise<SignedRequest>;
}

/** Shows how a call is signed, while it is written. */
export function SignaturePanel({ credentials, sign }: SignaturePanelProps) {
  const { t } = useTranslation('explorer');
  const [moment, setMoment] = useState(thisMoment);
  const [signed, setSigned] = useState<SignedRequest | null>(null);
  const ready = credentials.accessKeyId !== '' && credentials.secret !== '' && canSign();
  useEffect(() => {
    let current = true;
    if (ready) sign(moment).then((request) => current && setSigned(request));
    else setSigned(null);
    return () => {
      current = false;
    };
  }, [ready, sign, moment]);
  return (
    <Panel
      title={t('signing.title')}
      aside={
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconRefresh size={15} />}
          onClick={() => setMoment(thisMoment())}
        >
          {t('signing.renew')}
        </Button>
      }
    >
      {signed === null ? (
        <p className={classes.hint}>{canSign() ? t('credentials.missing') : t('insecure')}</p>
      ) : (
        <div className={classes.stack}>
          <CodeBlock label={t('signing.canonical')} text={signed.canonicalRequest} wrap />
          <CodeBlock label={t('signing.stringToSign')} text={signed.stringToSign} wrap />
          <CodeBlock label={t('signing.signature')} text={signed.signature} wrap />
          <CodeBlock
            label={t('signing.headers')}
            text={Object.entries(signed.headers)
              .map(([name, value]) => `${name}: ${value}`)
              .join('\n')}
            wrap
          />
          <CodeBlock label={t('curl')} text={curlOf({ ...signed, url: location.origin + signed.target })} />
        </div>
      )}
    </Panel>
  );
}
