import { Link as RouterLink } from '@tanstack/react-router';
import type { ComponentProps, ReactNode } from 'react';

interface LinkProps extends Omit<ComponentProps<'a'>, 'href'> {
  /** Address inside of the console, with its parts filled in: `/images/4f…`. */
  readonly to: string;
  /** What goes behind the `?`. */
  readonly search?: Readonly<Record<string, string | undefined>>;
  readonly children: ReactNode;
}

/** A link inside of the console. */
export function Link({ to, search = {}, children, ...rest }: LinkProps) {
  return (
    <RouterLink to={to as never} search={search as never} {...(rest as object)}>
      {children}
    </RouterLink>
  );
}
