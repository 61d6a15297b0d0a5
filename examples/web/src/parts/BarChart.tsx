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
}

/** Pixels: a row, where its text stands in it, and its bar. */
const ROW = 38;
const TEXT = 11;
const BAR = 22;
const THICKNESS = 9;
/** Per cent of the width: a bar that is not zero can be seen. */
const LEAST = 0.5;

/** Horizontal bars under their names and values, which thus have room on a phone, and the same as a table. */
export function BarChart({ title, bars, columns, tone }: Props) {
  const text = useText();
  const id = useId();
  return (
    <figure className="chart">
      <figcaption id={id}>{title}</figcaption>
      <svg role="img" width="100%" height={bars.length * ROW}>
        <title>{title}</title>
        {bars.map(({ name, share, value }, index) => {
          const top = index * ROW;
          const width = share === 0 ? 0 : Math.max(LEAST, share * 100);
          return (
            <g key={name}>
              <text x="0" y={top + TEXT} className="bar-name">
                {name}
              </text>
              <text x="100%" y={top + TEXT} className="bar-value">
                {value}
              </text>
              <rect y={top + BAR} width="100%" height={THICKNESS} rx="3" className="track" />
              <rect y={top + BAR} width={`${width}%`} height={THICKNESS} rx="3" className={tone} />
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
