-- What the story of a notification tells: its origin, its plan, and the vendor's own words about each attempt. The lock is
-- retried with a short timeout, so that nobody waits long behind it.
DO $$
BEGIN
  PERFORM set_config('lock_timeout', '500ms', true);
  LOOP
    BEGIN
      ALTER TABLE "notification"
        ADD COLUMN "source" TEXT,
        ADD COLUMN "origin_id" UUID,
        ADD COLUMN "received_by" TEXT,
        ADD COLUMN "planned_at" TIMESTAMPTZ(3),
        ADD COLUMN "plan" JSONB;
      ALTER TABLE "delivery" ADD COLUMN "retry_at" TIMESTAMPTZ(3);
      ALTER TABLE "attempt"
        ADD COLUMN "vendor_text" TEXT,
        ADD COLUMN "http_status" SMALLINT,
        ADD COLUMN "vendor_trace_id" TEXT;
      EXIT;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      PERFORM pg_sleep(0.2);
    END;
  END LOOP;
END $$;
