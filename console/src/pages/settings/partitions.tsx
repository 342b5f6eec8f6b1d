import { numberColumn } from '../../parts/columns.js';
import { DataTable, type Column } from '../../parts/data-table.js';
import { Empty } from '../../parts/notice.js';
import { Section } from '../../parts/page.js';
import { Time } from '../../parts/time.js';
import { words } from '../../words.js';
import type { Partition } from '../../api/config.js';
import styles from './settings.module.css';

interface TableOfLedger {
  readonly table: string;
  readonly partitions: readonly Partition[];
}

/** The tables of the ledger with the time that their partitions cover; the partitions one by one on demand. */
export function Partitions({ partitions }: { readonly partitions: readonly Partition[] }) {
  const tables = [...new Set(partitions.map(({ table }) => table))].map((table) => ({
    table,
    partitions: partitions.filter((one) => one.table === table),
  }));
  return (
    <Section heading={words.settings.partitions}>
      {tables.length === 0 ? (
        <Empty title={words.settings.noPartitions}>{words.settings.noPartitionsText}</Empty>
      ) : (
        <>
          <DataTable
            label={words.settings.partitions}
            columns={TABLE_COLUMNS}
            rows={tables}
            keyOf={({ table }) => table}
          />
          <details className={styles.block}>
            <summary>{words.settings.eachPartition}</summary>
            <DataTable
              label={words.settings.eachPartition}
              columns={COLUMNS}
              rows={partitions}
              keyOf={({ name }) => name}
            />
          </details>
        </>
      )}
    </Section>
  );
}

const { partitionColumns: columns } = words.settings;

const From = ({ from }: { readonly from: string | null | undefined }) =>
  typeof from === 'string' ? <Time at={from} /> : words.settings.beginning;

const TABLE_COLUMNS: readonly Column<TableOfLedger>[] = [
  { key: 'table', heading: columns.table, cell: ({ table }) => table },
  numberColumn('count', columns.count, ({ partitions }) => partitions.length),
  {
    key: 'from',
    heading: columns.from,
    cell: ({ partitions }) => <From from={partitions[0]?.from} />,
  },
  {
    key: 'to',
    heading: columns.to,
    cell: ({ partitions }) => <Time at={partitions.at(-1)?.to ?? ''} />,
  },
];

const COLUMNS: readonly Column<Partition>[] = [
  { key: 'name', heading: columns.name, cell: ({ name }) => name },
  { key: 'from', heading: columns.from, cell: ({ from }) => <From from={from} /> },
  { key: 'to', heading: columns.to, cell: ({ to }) => <Time at={to} /> },
];
