import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/errors.ts';
import { FormError } from '../../components/feedback/form-parts.tsx';
import { useErrorText } from '../../components/feedback/states.tsx';
import { ConnectionFields, CredentialFields, MoreFields } from './registry-connection.tsx';
import { nameFrom, needsPassword, type RegistryDraft } from './registry-draft.ts';
import classes from './registry-form.module.css';
import { ScopeFields } from './registry-scope.tsx';

/** What every group of fields gets. */
export interface FieldsProps {
  readonly draft: RegistryDraft;
  readonly set: (change: Partial<RegistryDraft>) => void;
  /** What is wrong with a field, as the form or the server says. */
  readonly wrong: (field: keyof RegistryDraft) => string | undefined;
  /** The registry exists: its kind and project stay. */
  readonly exists: boolean;
  readonly hasPassword: boolean;
}

interface RegistryFormProps {
  readonly start: RegistryDraft;
  readonly exists?: boolean;
  readonly hasPassword?: boolean;
  /** Only how to connect: what to read comes in a later step. */
  readonly brief?: boolean;
  readonly submitLabel: string;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSubmit: (draft: RegistryDraft) => void;
  readonly children?: ReactNode;
}

/** The settings of a registry. Mistakes stand at their field, those that the server finds too. */
export function RegistryForm(props: RegistryFormProps) {
  const { start, exists = false, hasPassword = false, brief = false, submitLabel, busy, error, onSubmit } = props;
  const { t } = useTranslation('registries');
  const errorText = useErrorText();
  const [draft, setDraft] = useState(start);
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const [attempts, setAttempts] = useState(0);
  // A mistake may stand far above the button: go there.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt and each answer looks again
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempts, error]);
  const own = tried ? mistakesOf(draft) : {};
  const again = exists && needsPassword(start, draft, hasPassword);
  const serverField = error instanceof ApiError ? error.field : undefined;
  const wrong = (field: keyof RegistryDraft): string | undefined => {
    const mistake = own[field];
    if (mistake !== undefined) return t(`form.${mistake}`);
    if (field === 'password' && again && tried) return t('form.passwordAgain');
    return serverField === field ? errorText(error) : undefined;
  };
  const fields: FieldsProps = {
    ...{ draft, wrong, exists, hasPassword },
    set: (change) => setDraft((old) => ({ ...old, ...change })),
  };
  const submit = (): void => {
    setTried(true);
    setAttempts((old) => old + 1);
    const named = draft.name.trim() === '' ? { ...draft, name: nameFrom(draft.baseUrl) } : draft;
    if (Object.keys(mistakesOf(named)).length > 0 || again) return;
    setDraft(named);
    onSubmit(named);
  };
  const elsewhere = error !== null && error !== undefined && (serverField === undefined || !(serverField in draft));
  return (
    <form
      ref={form}
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <ConnectionFields {...fields} />
      <CredentialFields {...fields} />
      {!brief && <ScopeFields {...fields} />}
      <MoreFields {...fields} />
      {elsewhere && <FormError error={error} boxed />}
      <div className={classes.end}>
        <Button type="submit" loading={busy}>
          {submitLabel}
        </Button>
        {props.children}
      </div>
    </form>
  );
}

type Mistake = 'required' | 'noUrl';

/** What can be told without the server. The name may be missing: it follows from the address. */
function mistakesOf(draft: RegistryDraft): Partial<Record<keyof RegistryDraft, Mistake>> {
  const url = draft.baseUrl.trim();
  const bad = !/^https?:\/\/[^/]/.test(url);
  return {
    ...(bad ? { baseUrl: url === '' || url === 'https://' ? ('required' as const) : ('noUrl' as const) } : {}),
    ...(draft.kind === 'static' && draft.references.trim() === '' ? { references: 'required' as const } : {}),
  };
}
