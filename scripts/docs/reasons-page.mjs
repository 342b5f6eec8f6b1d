import { REASONS } from '../../src/domain/reason.js';
import { code, generatedFrom, table } from './markdown.mjs';

/** `docs/reasons.md`. */
export function reasonsPage() {
  const rows = Object.entries(REASONS).map(([reason, { statuses, meaning }]) => [
    code(reason),
    statuses.map(code).join(', '),
    meaning,
  ]);
  return [
    generatedFrom('src/domain/reason.ts'),
    '# Reasons',
    'A delivery has one of the statuses `queued`, `sent`, `delivered`, `failed`, `skipped` and `expired`. The last three always have a reason; a `queued` delivery has one while its job waits for an operator.',
    table(['reason', 'status', 'meaning'], rows),
  ].join('\n\n');
}
