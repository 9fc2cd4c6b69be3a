import { Button, Textarea } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../components/page/page.tsx';
import type { Credentials } from './credentials-form.tsx';
import classes from './explorer.module.css';
import { ResultPanel } from './result-panel.tsx';
import { type Moment, SignaturePanel, thisMoment } from './signature-panel.tsx';
import type { SignedRequest } from './signing/primitives.ts';
import { useSending } from './use-sending.ts';

/** Whether an operation changes something. */
export function WritesTag({ writes }: { readonly writes: boolean }) {
  const { t } = useTranslation('explorer');
  return (
    <span className={classes.tag} data-write={writes || undefined}>
      {writes ? t('changes') : t('reads')}
    </span>
  );
}

/** Method and path of a call. */
export function CallTarget({ method, path }: { readonly method: string; readonly path: string }) {
  return (
    <div className={classes.line}>
      <span className={classes.method} data-method={method}>
        {method}
      </span>
      <span className={classes.target}>{path}</span>
    </div>
  );
}

interface BodyFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What is wrong with it; null = nothing. */
  readonly mistake: string | null;
  readonly description?: string | undefined;
  readonly minRows: number;
}

/** The body of a call. */
export function BodyField({ value, onChange, mistake, description, minRows }: BodyFieldProps) {
  const { t } = useTranslation('explorer');
  return (
    <Textarea
      className={classes.json ?? ''}
      label={t('body')}
      description={description}
      rows={Math.min(18, Math.max(minRows, value.split('\n').length + 1))}
      value={value}
      spellCheck={false}
      error={mistake === null ? undefined : t('badJson', { detail: mistake })}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

interface SendButtonProps {
  readonly pending: boolean;
  readonly disabled: boolean;
  /** What is done cannot be taken back. */
  readonly danger?: boolean;
}

/** Sends the call of the form around it. */
export function SendButton({ pending, disabled, danger = false }: SendButtonProps) {
  const { t } = useTranslation('explorer');
  return (
    <Button
      type="submit"
      leftSection={<IconSend size={16} />}
      loading={pending}
      disabled={disabled}
      {...(danger ? { color: 'red' } : {})}
    >
      {t('send')}
    </Button>
  );
}

interface SignedCallProps {
  readonly title: string;
  readonly writes: boolean;
  readonly credentials: Credentials;
  /** Signs what the form says now; it must be another function whenever that changes. */
  readonly sign: (moment: Moment) => Promise<SignedRequest>;
  /** Something of the form is missing or wrong. */
  readonly incomplete?: boolean;
  /** Stands beside the button. */
  readonly beside?: ReactNode;
  readonly children: ReactNode;
}

/** The form of a call that the browser signs, with its answer and its signature. */
export function SignedCall({
  title,
  writes,
  credentials,
  sign,
  incomplete = false,
  beside,
  children,
}: SignedCallProps) {
  const sending = useSending();
  const { accessKeyId, secret } = credentials;
  return (
    <>
      <Panel title={title} aside={<WritesTag writes={writes} />}>
        <form
          className={classes.stack}
          onSubmit={(event) => {
            event.preventDefault();
            void sending.run(async () => ({ ...(await sign(thisMoment())), asUser: false }));
          }}
        >
          {children}
          <div className={classes.line}>
            <SendButton pending={sending.pending} disabled={accessKeyId === '' || secret === '' || incomplete} />
            {beside}
          </div>
        </form>
      </Panel>
      <ResultPanel sending={sending} />
      <SignaturePanel credentials={credentials} sign={sign} />
    </>
  );
}
