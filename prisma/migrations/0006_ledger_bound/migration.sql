-- The ledger so far becomes one partition (ADR 0031). What it may hold has to be known for that, and checked without
-- anybody waiting: here the promise is made for new rows, in 0007 it is checked for those that are there, in 0008 the
-- tables change places. The bound is a midnight at least one day away: until then an older version goes on writing.
DO $$
DECLARE
  newest uuid;
  bound_ms bigint;
  bound uuid;
BEGIN
  -- Nobody waits longer than that for this, and this waits for nobody in a circle.
  PERFORM set_config('lock_timeout', '500ms', true);
  LOOP
    BEGIN
      LOCK TABLE "notification", "delivery", "attempt" IN ACCESS EXCLUSIVE MODE;
      EXIT;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      PERFORM pg_sleep(0.2);
    END;
  END LOOP;

  SELECT id INTO newest FROM (
    (SELECT id FROM "notification" ORDER BY id DESC LIMIT 1)
    UNION ALL (SELECT id FROM "delivery" ORDER BY id DESC LIMIT 1)
    UNION ALL (SELECT delivery_id FROM "attempt" ORDER BY delivery_id DESC LIMIT 1)
  ) AS ids(id) ORDER BY id DESC LIMIT 1;
  bound_ms := greatest(
    (extract(epoch FROM now()) * 1000)::bigint,
    ('x' || lpad(left(replace(newest::text, '-', ''), 12), 16, '0'))::bit(64)::bigint
  );
  bound_ms := (bound_ms / 86400000 + 2) * 86400000;
  bound := (lpad(to_hex(bound_ms), 12, '0') || '70008000000000000000')::uuid;

  EXECUTE format('ALTER TABLE "notification" ADD CONSTRAINT "ledger_bound" CHECK (id < %L::uuid) NOT VALID', bound);
  EXECUTE format('ALTER TABLE "delivery" ADD CONSTRAINT "ledger_bound" CHECK (id < %L::uuid) NOT VALID', bound);
  EXECUTE format('ALTER TABLE "attempt" ADD CONSTRAINT "ledger_bound" CHECK (delivery_id < %L::uuid) NOT VALID', bound);
END $$;
