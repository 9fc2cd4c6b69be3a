import type { ReactNode } from 'react';
import classes from './columns.module.css';

/** A wide and a narrow column, under each other in narrow windows. */
export function Columns({ children }: { readonly children: ReactNode }) {
  return <div className={classes.columns}>{children}</div>;
}

/** One of the columns: panels under each other. */
export function Column({ children }: { readonly children: ReactNode }) {
  return <div className={classes.column}>{children}</div>;
}
