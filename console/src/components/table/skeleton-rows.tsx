import classes from './data-table.module.css';

const rows = Array.from({ length: 12 }, (_, index) => index);

/** Rows before there are any: the table keeps its shape. */
export function SkeletonRows({ columns, template }: { readonly columns: number; readonly template: string }) {
  return (
    <div aria-hidden="true">
      {rows.map((row) => (
        <div key={row} className={classes.skeleton} style={{ gridTemplateColumns: template }}>
          {Array.from({ length: template.split(/ (?![^(]*\))/).length || columns }, (_, column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
            <span key={column} style={{ width: `${45 + ((row * 7 + column * 13) % 45)}%` }} />
          ))}
        </div>
      ))}
    </div>
  );
}
