-- Erased users and the opt-outs of their numbers, as hashes with a key of this database. A late job of an erased user is
-- recognised by the hash, and a STOP still holds. Devices record who retired them.
CREATE TABLE "erasure_key" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "key" BYTEA NOT NULL,

    CONSTRAINT "erasure_key_pkey" PRIMARY KEY ("id")
);
INSERT INTO "erasure_key" ("key")
VALUES (sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));

CREATE TABLE "erased_user" (
    "app_id" TEXT NOT NULL,
    "uid_hash" BYTEA NOT NULL,
    "erased_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "erased_user_pkey" PRIMARY KEY ("app_id", "uid_hash")
);

CREATE TABLE "erased_opt_out" (
    "app_id" TEXT NOT NULL,
    "phno_hash" BYTEA NOT NULL,
    "source" TEXT NOT NULL,
    "provider" TEXT,
    "opted_out_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "erased_opt_out_pkey" PRIMARY KEY ("app_id", "phno_hash")
);

DO $$
BEGIN
  PERFORM set_config('lock_timeout', '500ms', true);
  LOOP
    BEGIN
      ALTER TABLE "device" ADD COLUMN "retired_by" TEXT;
      EXIT;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      PERFORM pg_sleep(0.2);
    END;
  END LOOP;
END $$;
