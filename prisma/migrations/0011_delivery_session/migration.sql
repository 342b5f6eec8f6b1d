-- The session of the device that a push was planned for, so that it can follow the session to a newer token.
-- Nobody waits long behind this: the lock is tried for again and again.
DO $$
BEGIN
  PERFORM set_config('lock_timeout', '500ms', true);
  LOOP
    BEGIN
      ALTER TABLE "delivery" ADD COLUMN "session_id" TEXT;
      EXIT;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      PERFORM pg_sleep(0.2);
    END;
  END LOOP;
END $$;
