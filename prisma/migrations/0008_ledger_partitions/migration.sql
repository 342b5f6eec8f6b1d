-- The ledger, partitioned by the time in its ids (ADR 0031). What there is becomes the partition "…_before" as it
-- stands: no row is read or moved. Later partitions are made by the upkeep; "…_default" takes what has none.
DO $$
BEGIN
  PERFORM set_config('lock_timeout', '500ms', true);
  LOOP
    BEGIN
      LOCK TABLE "notification", "delivery", "attempt" IN ACCESS EXCLUSIVE MODE;
      EXIT;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      PERFORM pg_sleep(0.2);
    END;
  END LOOP;
END $$;

ALTER TABLE "notification" RENAME TO "notification_before";
ALTER INDEX "notification_pkey" RENAME TO "notification_before_pkey";
ALTER INDEX "notification_app_id_uid_id_idx" RENAME TO "notification_before_app_id_uid_id_idx";
ALTER INDEX "notification_app_id_status_id_idx" RENAME TO "notification_before_app_id_status_id_idx";
CREATE TABLE "notification" (LIKE "notification_before" INCLUDING DEFAULTS) PARTITION BY RANGE ("id");
ALTER TABLE "notification" ADD CONSTRAINT "notification_pkey" PRIMARY KEY ("id");
CREATE INDEX "notification_app_id_uid_id_idx" ON "notification"("app_id", "uid", "id");
CREATE INDEX "notification_app_id_status_id_idx" ON "notification"("app_id", "status", "id");

ALTER TABLE "delivery" RENAME TO "delivery_before";
ALTER INDEX "delivery_pkey" RENAME TO "delivery_before_pkey";
ALTER INDEX "delivery_notification_id_idx" RENAME TO "delivery_before_notification_id_idx";
ALTER INDEX "delivery_ring_session_idx" RENAME TO "delivery_before_ring_session_idx";
CREATE TABLE "delivery" (LIKE "delivery_before" INCLUDING DEFAULTS) PARTITION BY RANGE ("id");
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_pkey" PRIMARY KEY ("id");
CREATE INDEX "delivery_notification_id_idx" ON "delivery"("notification_id");
CREATE INDEX "delivery_ring_session_idx" ON "delivery"("ring_session");

ALTER TABLE "attempt" RENAME TO "attempt_before";
ALTER INDEX "attempt_pkey" RENAME TO "attempt_before_pkey";
ALTER INDEX "attempt_started_at_idx" RENAME TO "attempt_before_started_at_idx";
CREATE TABLE "attempt" (LIKE "attempt_before" INCLUDING DEFAULTS) PARTITION BY RANGE ("delivery_id");
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_pkey" PRIMARY KEY ("delivery_id", "attempt");
CREATE INDEX "attempt_started_at_idx" ON "attempt" USING BRIN ("started_at");

DO $$
DECLARE
  tables CONSTANT text[] := ARRAY['notification', 'delivery', 'attempt'];
  name text;
  has_rows boolean;
  bound text;
BEGIN
  FOREACH name IN ARRAY tables LOOP
    EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', name || '_default', name);
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name || '_before') INTO has_rows;
    IF has_rows THEN
      SELECT substring(pg_get_constraintdef(oid) FROM '''([0-9a-f-]{36})''') INTO STRICT bound
      FROM pg_constraint WHERE conname = 'ledger_bound' AND conrelid = (name || '_before')::regclass;
      EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (MINVALUE) TO (%L)', name, name || '_before', bound);
      EXECUTE format('ALTER TABLE %I DROP CONSTRAINT "ledger_bound"', name || '_before');
    ELSE
      EXECUTE format('DROP TABLE %I', name || '_before');
    END IF;
  END LOOP;
END $$;
