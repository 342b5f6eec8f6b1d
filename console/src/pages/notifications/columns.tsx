import {
  APP,
  ATTEMPTS,
  CHANNEL,
  KIND,
  PROVIDERS,
  REASON,
  RECEIVED,
  STATUS,
  TOOK,
  UID,
} from '../../parts/columns.js';
import type { Column } from '../../parts/data-table.js';
import type { Row } from './queries.js';

/** @param hasApps whether the rows may belong to several apps */
export const columnsOf = (hasApps: boolean): readonly Column<Row>[] => [
  ...[RECEIVED, STATUS, UID, KIND, REASON],
  ...(hasApps ? [{ ...APP, isMinor: true }] : []),
  ...[CHANNEL, PROVIDERS, ATTEMPTS, TOOK],
];
