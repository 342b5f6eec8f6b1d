-- Search finds users by their number and by the beginning of their uid, whatever the collation of the database. Writes
-- of devices and contacts wait while the indexes are built, a few seconds per million rows. The lock is retried with a
-- short timeout, so that nobody waits long behind it.
DO $$
BEGIN
  PERFORM set_config('lock_timeout', '500ms', true);
  LOOP
    BEGIN
      LOCK TABLE "device", "contact" IN SHARE MODE;
      EXIT;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      PERFORM pg_sleep(0.2);
    END;
  END LOOP;
END $$;

CREATE INDEX "contact_app_id_phno_idx" ON "contact"("app_id", "phno");
CREATE INDEX "contact_app_id_uid_prefix_idx" ON "contact"("app_id", "uid" COLLATE "C");
CREATE INDEX "device_app_id_uid_prefix_idx" ON "device"("app_id", "uid" COLLATE "C");
