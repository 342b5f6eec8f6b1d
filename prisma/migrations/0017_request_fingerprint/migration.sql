-- The hash of the request behind a notification with an `Idempotency-Key`, so that another request under the key is
-- recognised. The lock is retried with a short timeout, so that nobody waits long behind it.
DO $$
BEGIN
  PERFORM set_config('lock_timeout', '500ms', true);
  LOOP
    BEGIN
      ALTER TABLE "notification" ADD COLUMN "request_fingerprint" TEXT;
      EXIT;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      PERFORM pg_sleep(0.2);
    END;
  END LOOP;
END $$;
