import classes from './overview.module.css';

/** A grey place of a height, where something is on its way. */
export function Skeleton({ height, width = '100%' }: { readonly height: string; readonly width?: string }) {
  return <div className={classes.skeleton} style={{ height, width }} aria-hidden="true" />;
}
