import { useId } from 'react';
import { useText } from '../text/text';

export interface Bar {
  readonly name: string;
  /** The length, from 0 to 1. */
  readonly share: number;
  /** The value as the reader reads it. */
  readonly value: string;
}

interface Props {
  readonly title: string;
  readonly bars: readonly Bar[];
  /** What the bars stand for, and what they measure. */
  readonly columns: readonly [string, string];
  readonly tone: 'count' | 'money';
  /** In per cent of the width. */
  readonly nameWidth?: number;
}

const ROW = 30;
const BAR = 16;
/** Per cent of the width that the value beside the longest bar takes. */
const VALUE_WIDTH = 24;

/** Horizontal bars, and the same as a table. */
export function BarChart({ title, bars, columns, tone, nameWidth = 22 }: Props) {
  const text = useText();
  const id = useId();
  const room = 100 - nameWidth - VALUE_WIDTH;
  return (
    <figure className="chart">
      <figcaption id={id}>{title}</figcaption>
      <svg role="img" width="100%" height={bars.length * ROW}>
        <title>{title}</title>
        {bars.map(({ name, share, value }, index) => {
          const middle = index * ROW + ROW / 2;
          const width = share === 0 ? 0 : Math.max(0.5, share * room);
          return (
            <g key={name}>
              <text x={`${nameWidth - 2}%`} y={middle} className="bar-name">
                {name}
              </text>
              <rect
                x={`${nameWidth}%`}
                y={middle - BAR / 2}
                width={`${room}%`}
                height={BAR}
                rx="3"
                className="track"
              />
              <rect
                x={`${nameWidth}%`}
                y={middle - BAR / 2}
                width={`${width}%`}
                height={BAR}
                rx="3"
                className={tone}
              />
              <text x="100%" y={middle} className="bar-value">
                {value}
              </text>
            </g>
          );
        })}
      </svg>
      <details>
        <summary>{text.showTable}</summary>
        <table className="plain" aria-labelledby={id}>
          <thead>
            <tr>
              <th scope="col">{columns[0]}</th>
              <th scope="col" className="number">
                {columns[1]}
              </th>
            </tr>
          </thead>
          <tbody>
            {bars.map(({ name, value }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className="number">{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
