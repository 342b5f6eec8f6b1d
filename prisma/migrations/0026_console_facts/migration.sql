-- What the console shows beside the ledger: which notifications were received more than once, and when a vendor last
-- called back. Both tables are new, so that nobody waits for a lock.
CREATE TABLE "notification_duplicate" (
    "notification_id" UUID NOT NULL,
    "count" INTEGER NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "notification_duplicate_pkey" PRIMARY KEY ("notification_id")
);

CREATE TABLE "sms_callback" (
    "app_id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sms_callback_pkey" PRIMARY KEY ("app_id","provider")
);

-- Lists what a replay has sent. A running replay waits while the index is built, a few seconds per million rows. The lock
-- is retried with a short timeout, so that nobody waits long behind it.
DO $$
BEGIN
  PERFORM set_config('lock_timeout', '500ms', true);
  LOOP
    BEGIN
      LOCK TABLE "replay_item" IN SHARE MODE;
      EXIT;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      PERFORM pg_sleep(0.2);
    END;
  END LOOP;
END $$;

CREATE INDEX "replay_item_replay_id_copy_id_idx" ON "replay_item"("replay_id", "copy_id");
