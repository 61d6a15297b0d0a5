import { BY_HAND, OURS } from './peers.mjs';

export const times = (value, other) => `${(value / other).toFixed(2)} ×`;
export const milliseconds = (value, digits = 0) => `${value.toFixed(digits)} ms`;

/** A Markdown table. */
export function table(columns, rows) {
  return [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** A bar chart in Mermaid. @param bars pairs of a name and a number */
export function chart(title, unit, bars) {
  return `\`\`\`mermaid
xychart-beta horizontal
    title "${title}"
    x-axis [${bars.map(([name]) => `"${name}"`).join(', ')}]
    y-axis "${unit}"
    bar [${bars.map(([, value]) => value.toFixed(3)).join(', ')}]
\`\`\``;
}

export const oursOf = (rows) => rows.find(({ name }) => name === OURS);
export const byHandOf = (rows) => rows.find(({ name }) => name === BY_HAND);
/** The row of the peer with the smallest value. */
export const bestOf = (rows, measureOf = ({ cpu }) => cpu) =>
  rows
    .filter(({ name }) => name !== OURS)
    .reduce((one, other) => (measureOf(other) < measureOf(one) ? other : one));
