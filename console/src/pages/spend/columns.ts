import type { SpendDay } from '../../api/spend.js';
import { numberColumn } from '../../parts/columns.js';
import type { Column } from '../../parts/data-table.js';
import { words } from '../../words.js';

export const PROVIDER: Column<Pick<SpendDay, 'provider'>> = {
  key: 'provider',
  heading: words.spend.provider,
  cell: ({ provider }) => provider,
};

export const COUNTRY: Column<Pick<SpendDay, 'country'>> = {
  key: 'country',
  heading: words.spend.country,
  cell: ({ country }) => words.spend.countryOf(country),
};

export const SEGMENTS: Column<Pick<SpendDay, 'segments'>> = numberColumn(
  'segments',
  words.spend.segments,
  ({ segments }) => segments,
);
