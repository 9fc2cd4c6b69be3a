import { type ReactNode, useEffect } from 'react';
import classes from './page.module.css';

interface PageProps {
  readonly title: string;
  /** In front of the title: where this page belongs. */
  readonly trail?: ReactNode;
  readonly subtitle?: ReactNode;
  readonly actions?: ReactNode;
  /** Fills the window, for tables that scroll by themselves. */
  readonly fill?: boolean;
  readonly children: ReactNode;
}

/** A page: its title in the window and on top, its actions, its content. */
export function Page({ title, trail, subtitle, actions, fill = false, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Drydock`;
  }, [title]);
  return (
    <div className={classes.page} data-fill={fill || undefined}>
      <header className={classes.head}>
        <div className={classes.titles}>
          {trail !== undefined && <div className={classes.trail}>{trail}</div>}
          <h1 className={classes.title}>
            <bdi>{title}</bdi>
          </h1>
          {subtitle !== undefined && <div className={classes.subtitle}>{subtitle}</div>}
        </div>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A white box with a title. */
export function Panel({
  title,
  aside,
  children,
  flush = false,
}: {
  readonly title?: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  /** Content goes to the border: tables. */
  readonly flush?: boolean;
}) {
  return (
    <section
      className={classes.panel}
      data-flush={flush || undefined}
      {...(title === undefined ? {} : { 'aria-label': title })}
    >
      {(title !== undefined || aside !== undefined) && (
        <div className={classes.panelHead}>
          {title !== undefined && <h2 className={classes.panelTitle}>{title}</h2>}
          {aside !== undefined && <div className={classes.aside}>{aside}</div>}
        </div>
      )}
      <div className={classes.panelBody}>{children}</div>
    </section>
  );
}

/** Names and values under each other. */
export function Facts({ items }: { readonly items: readonly (readonly [label: string, value: ReactNode] | null)[] }) {
  return (
    <dl className={classes.facts}>
      {items
        .filter((item) => item !== null)
        .map(([label, value]) => (
          <div key={label} className={classes.fact}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
