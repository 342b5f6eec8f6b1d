// Works around `move_to_active` of BullMQ 6.7 (`postgres/migrations/0002_functions.sql`): every fetch makes all due
// delayed jobs waiting, in one `UPDATE` that locks them in the order of its plan. Fetches with different plans deadlock,
// and each deadlock stalls the queue for a second (ADR 0001).
// Delete when BullMQ locks these jobs in a fixed order or skips locked ones.

const DUE = `AND state = 'delayed'
         AND process_at_ms <= p_now`;
/** `ARRAY` makes PostgreSQL lock the jobs, in order, before it updates any. */
const DUE_IN_ORDER = `AND id = ANY (ARRAY(
           SELECT id FROM job
            WHERE queue = p_queue AND state = 'delayed' AND process_at_ms <= p_now
            ORDER BY id FOR UPDATE))`;

/** A statement that makes BullMQ's function lock due jobs in order of id; without effect once it does. */
export const ORDER_PROMOTION = `
  DO $do$
  DECLARE
    definition text;
  BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('bellhop:move_to_active'));
    definition := pg_get_functiondef('move_to_active'::regproc);
    IF position($from$${DUE}$from$ IN definition) > 0 THEN
      EXECUTE replace(definition, $from$${DUE}$from$, $to$${DUE_IN_ORDER}$to$);
    END IF;
  END
  $do$`;
