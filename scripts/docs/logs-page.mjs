import { LOG_MESSAGES } from '../../src/platform/logging/log-messages.js';
import { code, generatedFrom, table } from './markdown.mjs';

/** `docs/logs.md`. */
export function logsPage() {
  const rows = Object.entries(LOG_MESSAGES)
    .map(([message, { level, fields, meaning }]) => [
      code(message),
      level,
      fields === '' ? '' : fields.split(', ').map(code).join(', '),
      meaning,
    ])
    .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1));
  return [
    generatedFrom('src/platform/logging/log-messages.ts'),
    '# Log messages',
    'JSON lines on standard output, one wide line for each stage of a notification. They never contain tokens, phone numbers, message content or bodies. `msg` is a message of the table, optionally followed by a colon and advice; every line also has `time`, `level` and `role`, and with [`PROCESSES`](scaling.md#more-cores) the `pid` of its process; lines of the supervisor have no `pid` of their own.',
    'Level `error` means that an operator has to act: a vendor refuses credentials (`outcome` `misconfigured`), or the gateway itself failed. A vendor that is down is a `warn`. The log is written in batches twice a second; a killed process may lose its last lines.',
    table(['message', 'level', 'fields', 'meaning'], rows),
  ].join('\n\n');
}
