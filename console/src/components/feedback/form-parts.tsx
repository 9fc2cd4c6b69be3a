import type { ReactNode } from 'react';
import classes from './form-parts.module.css';
import { useErrorText } from './states.tsx';

interface FormErrorProps {
  /** What the server said to the last attempt; null or undefined = nothing. */
  readonly error: unknown;
  /** On a ground of its own, for forms that are long. */
  readonly boxed?: boolean;
}

/** What went wrong with a form, above its buttons. */
export function FormError({ error, boxed = false }: FormErrorProps) {
  const text = useErrorText();
  if (error == null) return null;
  return (
    <p role="alert" className={classes.error} data-boxed={boxed || undefined}>
      {text(error)}
    </p>
  );
}

/** The buttons at the end of a form. */
export function FormButtons({ children }: { readonly children: ReactNode }) {
  return <div className={classes.buttons}>{children}</div>;
}
