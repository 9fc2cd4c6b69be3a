import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/format.ts';
import { type SeverityName, severities } from '../show/severity.tsx';
import classes from './chart.module.css';
import { ChartFrame } from './chart-frame.tsx';
import { linear, roundTicks } from './scale.ts';

/** Counts of a day. */
export type TrendPoint = Readonly<Record<SeverityName, number>> & { readonly day: string };

const width = 640;
const height = 180;
const pad = { top: 8, right: 8, bottom: 22, left: 44 };

/** Counts by severity over days, stacked; the same as a table. Days without a record are gaps in time, not zeros. */
export function TrendChart({ title, points }: { readonly title: string; readonly points: readonly TrendPoint[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const id = useId();
  const [at, setAt] = useState<number | null>(null);
  const shown = severities.filter((name) => points.some((point) => point[name] > 0));
  const days = points.map(({ day }) => Date.parse(`${day}T00:00:00Z`));
  const sums = points.map((point) => shown.reduce((sum, name) => sum + point[name], 0));
  const ticks = roundTicks(Math.max(4, ...sums), 4);
  const x = linear([Math.min(...days), Math.max(...days)], [pad.left, width - pad.right]);
  const y = linear([0, ticks.at(-1) ?? 0], [height - pad.bottom, pad.top]);
  const lower = points.map(() => 0);
  const bands = [...shown].reverse().map((name) => {
    const from = [...lower];
    points.forEach((point, index) => {
      lower[index] = (lower[index] ?? 0) + point[name];
    });
    const top = points.map((_, index) => `${x(days[index] ?? 0)},${y(lower[index] ?? 0)}`);
    const bottom = points.map((_, index) => `${x(days[index] ?? 0)},${y(from[index] ?? 0)}`).reverse();
    return { name, area: `M${top.join('L')}L${bottom.join('L')}Z`, line: `M${top.join('L')}` };
  });
  const near = (clientX: number, box: DOMRect): number => {
    const wanted = ((clientX - box.left) / box.width) * width;
    let best = 0;
    days.forEach((day, index) => {
      if (Math.abs(x(day) - wanted) < Math.abs(x(days[best] ?? 0) - wanted)) best = index;
    });
    return best;
  };
  const point = at === null ? undefined : points[at];
  return (
    <ChartFrame
      title={title}
      table={{
        head: ['', ...shown.map((name) => t(`severity.${name}`))],
        rows: points.map((one) => [format.date(one.day), ...shown.map((name) => format.number(one[name]))]),
      }}
    >
      <svg
        viewBox={`0 0 ${width} ${height}`}
        className={classes.svg}
        role="img"
        aria-labelledby={id}
        onPointerMove={(event) => setAt(near(event.clientX, event.currentTarget.getBoundingClientRect()))}
        onPointerLeave={() => setAt(null)}
      >
        <title id={id}>{title}</title>
        {ticks.map((tick) => (
          <g key={tick}>
            <line x1={pad.left} x2={width - pad.right} y1={y(tick)} y2={y(tick)} className={classes.grid} />
            <text x={pad.left - 8} y={y(tick)} className={classes.label} textAnchor="end" dominantBaseline="middle">
              {format.number(tick)}
            </text>
          </g>
        ))}
        {points.length === 1
          ? null
          : bands.map(({ name, area, line }) => (
              <g key={name}>
                <path d={area} className={classes.area} data-tone={name} />
                <path d={line} className={classes.line} data-tone={name} />
              </g>
            ))}
        {[0, points.length - 1].map((index) =>
          points[index] === undefined || (index === 0 && points.length === 1) ? null : (
            <text
              key={index}
              x={x(days[index] ?? 0)}
              y={height - 6}
              className={classes.label}
              textAnchor={index === 0 ? 'start' : 'end'}
            >
              {format.date(points[index]?.day ?? '')}
            </text>
          ),
        )}
        {at !== null && (
          <line
            x1={x(days[at] ?? 0)}
            x2={x(days[at] ?? 0)}
            y1={pad.top}
            y2={height - pad.bottom}
            className={classes.cursor}
          />
        )}
      </svg>
      <div className={classes.legend}>
        {shown.map((name) => (
          <span key={name} className={classes.key} data-tone={name}>
            {t(`severity.${name}`)} {point === undefined ? '' : <b className="num">{format.number(point[name])}</b>}
          </span>
        ))}
        {point !== undefined && <span className={classes.day}>{format.date(point.day)}</span>}
      </div>
    </ChartFrame>
  );
}
