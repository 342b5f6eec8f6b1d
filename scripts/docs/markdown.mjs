/** First line of every generated page. @param {string} source */
export const generatedFrom = (source) => `<!-- Generated from ${source} by \`npm run docs\`. -->`;

/**
 * A table; cells may have line breaks and pipes.
 *
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
export function table(head, rows) {
  /** @param {readonly string[]} cells */
  const line = (cells) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** @param {unknown} value */
export const code = (value) => `\`${String(value)}\``;
