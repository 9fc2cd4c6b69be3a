import { useId } from 'react';
import classes from './code-block.module.css';
import { CopyButton } from './values.tsx';

/** Text of a machine, to be read and copied: a command, a document, an answer. */
export function CodeBlock({
  label,
  text,
  high = false,
  wrap = false,
}: {
  readonly label?: string;
  readonly text: string;
  /** May fill much of the window before it scrolls. */
  readonly high?: boolean;
  /** Breaks long lines instead of scrolling sideways. */
  readonly wrap?: boolean;
}) {
  const id = useId();
  return (
    <figure className={classes.block} {...(label === undefined ? {} : { 'aria-labelledby': id })}>
      {label === undefined ? (
        <div className={classes.corner}>
          <CopyButton text={text} />
        </div>
      ) : (
        <figcaption className={classes.head}>
          <span id={id}>{label}</span>
          <CopyButton text={text} />
        </figcaption>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className={classes.text} data-high={high || undefined} data-wrap={wrap || undefined} tabIndex={0}>
        {text}
      </pre>
    </figure>
  );
}
