-- Replays: which notifications are sent again, and which have been. The tables are new, so that nobody waits for a lock.
CREATE TABLE "replay" (
    "id" UUID NOT NULL,
    "app_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "filter" JSONB NOT NULL,
    "per_second" INTEGER NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),
    "run" INTEGER NOT NULL DEFAULT 1,
    "position" UUID,
    "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent" INTEGER NOT NULL DEFAULT 0,
    "left_out" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "replay_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "replay_item" (
    "notification_id" UUID NOT NULL,
    "round" INTEGER NOT NULL,
    "replay_id" UUID NOT NULL,
    "copy_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "replay_item_pkey" PRIMARY KEY ("notification_id","round")
);

CREATE INDEX "replay_app_id_id_idx" ON "replay"("app_id", "id");
CREATE INDEX "replay_state_idx" ON "replay"("state");
CREATE UNIQUE INDEX "replay_item_replay_id_notification_id_key" ON "replay_item"("replay_id", "notification_id");
CREATE INDEX "replay_item_created_at_idx" ON "replay_item" USING BRIN ("created_at");
