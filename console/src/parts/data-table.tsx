import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { Link } from 'wouter';
import { words } from '../words.js';
import styles from './data-table.module.css';

export interface Column<Row> {
  readonly key: string;
  readonly heading: string;
  readonly cell: (row: Row) => ReactNode;
  /** Numbers stand at the end. */
  readonly isNumber?: boolean;
  /** Hidden where the page is narrow. */
  readonly isMinor?: boolean;
  /** The heading is for screen readers only, as for a column of buttons. */
  readonly hasHiddenHeading?: boolean;
}

interface DataTableProps<Row> {
  /** The table's name. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Makes the first cell a link; arrow keys and `j`, `k` then move between the rows. */
  readonly hrefOf?: (row: Row) => string;
  /** The rows belong to earlier filters. */
  readonly isStale?: boolean;
}

/** Tables with more columns stand closer. */
const DENSE_FROM = 8;

/** A native table in a frame that scrolls sideways. Give it pages of 50 rows at most, with plain cells. */
export function DataTable<Row>({ label, columns, rows, keyOf, hrefOf, isStale }: DataTableProps<Row>) {
  const [currentKey, setCurrentKey] = useState<string>();
  const hasCurrent = rows.some((row) => keyOf(row) === currentKey);
  return (
    <div className={styles.frame} tabIndex={hrefOf ? undefined : 0} role="group" aria-label={label}>
      <table
        className={styles.table}
        aria-label={label}
        aria-busy={isStale}
        data-stale={isStale}
        data-dense={columns.length > DENSE_FROM}
        aria-description={hrefOf && words.common.tableKeys}
      >
        <thead>
          <tr>
            {columns.map(({ key, heading, isNumber, isMinor, hasHiddenHeading }) => (
              <th key={key} scope="col" data-number={isNumber} data-minor={isMinor}>
                {hasHiddenHeading ? <span className="visually-hidden">{heading}</span> : heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={hrefOf && moveBetweenRows}>
          {rows.map((row, index) => {
            const key = keyOf(row);
            const isReachable = hasCurrent ? key === currentKey : index === 0;
            return (
              <tr key={key}>
                {columns.map(({ key: name, cell, isNumber, isMinor }, place) => (
                  <td key={name} data-number={isNumber} data-minor={isMinor}>
                    {place === 0 && hrefOf ? (
                      <Link
                        href={hrefOf(row)}
                        className={styles.link}
                        data-row-link
                        tabIndex={isReachable ? 0 : -1}
                        onFocus={() => setCurrentKey(key)}
                      >
                        {cell(row)}
                      </Link>
                    ) : (
                      cell(row)
                    )}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

const STEPS: Readonly<Record<string, (index: number, last: number) => number>> = {
  ArrowDown: (index, last) => Math.min(index + 1, last),
  j: (index, last) => Math.min(index + 1, last),
  ArrowUp: (index) => Math.max(index - 1, 0),
  k: (index) => Math.max(index - 1, 0),
  Home: () => 0,
  End: (_, last) => last,
};

/** Acts only while a row's link has the focus, so that single letters do nothing elsewhere. */
function moveBetweenRows(event: KeyboardEvent<HTMLTableSectionElement>): void {
  const step = STEPS[event.key];
  const { target, currentTarget } = event;
  if (!step || event.ctrlKey || event.altKey || event.metaKey || !(target instanceof HTMLElement)) return;
  const links = [...currentTarget.querySelectorAll<HTMLElement>('[data-row-link]')];
  const index = links.indexOf(target);
  if (index < 0) return;
  event.preventDefault();
  links[step(index, links.length - 1)]?.focus();
}
