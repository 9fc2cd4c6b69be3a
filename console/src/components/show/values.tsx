import { Tooltip, UnstyledButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/format.ts';
import classes from './values.module.css';

/** A time in words, in the user's zone; UTC in the browser's own tooltip, which costs a row of a long table nothing. */
export function Time({ at, exact = false }: { readonly at: string | null | undefined; readonly exact?: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (at == null) return <span className={classes.quiet}>{t('never')}</span>;
  return (
    <time dateTime={at} className={classes.time} title={`${format.dateTime(at)} · ${format.utc(at)}`}>
      {exact ? format.dateTime(at) : format.relative(at)}
    </time>
  );
}

/** Copies a text; says so for a moment. */
export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }) {
  const { t } = useTranslation();
  const [done, setDone] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard?.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  };
  const words = done ? t('copied') : (label ?? t('copy'));
  return (
    <Tooltip label={words}>
      <UnstyledButton className={classes.copy} aria-label={words} onClick={copy}>
        {done ? <IconCheck size={14} /> : <IconCopy size={14} />}
      </UnstyledButton>
    </Tooltip>
  );
}

/** A digest in short, whole in the tooltip and when copied. */
export function Digest({ value, copy = true }: { readonly value: string; readonly copy?: boolean }) {
  const [algorithm, hex = ''] = value.split(':');
  return (
    <span className={classes.digest}>
      <code title={value}>{hex === '' ? value.slice(0, 12) : `${algorithm}:${hex.slice(0, 12)}`}</code>
      {copy && <CopyButton text={value} />}
    </span>
  );
}

/** A size in bytes. */
export function Bytes({ value }: { readonly value: number | null | undefined }) {
  const format = useFormat();
  if (value == null) return <span className={classes.quiet}>–</span>;
  return (
    <span className="num" title={`${format.number(value)} B`}>
      {format.bytes(value)}
    </span>
  );
}

/** A number; zero is quiet. */
export function Count({ value, bound = false }: { readonly value: number; readonly bound?: boolean }) {
  const format = useFormat();
  return (
    <span className={`num ${value === 0 ? classes.quiet : ''}`}>
      {bound ? '≥ ' : ''}
      {format.number(value)}
    </span>
  );
}

/** Text of an image, an advisory, a registry: on one line, cut by the layout, whole in the tooltip. Never HTML. */
export function Clip({ text, mono = false }: { readonly text: string; readonly mono?: boolean }) {
  return (
    <bdi className={`${classes.clip} ${mono ? 'mono' : ''}`} title={text}>
      {text}
    </bdi>
  );
}
