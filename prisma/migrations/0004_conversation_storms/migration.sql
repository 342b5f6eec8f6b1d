-- CreateTable
CREATE TABLE "conversation_storm" (
    "app_id" TEXT NOT NULL,
    "uid" TEXT NOT NULL,
    "conversation_id" TEXT NOT NULL,
    "window_start" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "in_window" INTEGER NOT NULL DEFAULT 1,
    "count" INTEGER NOT NULL DEFAULT 1,
    "told" INTEGER NOT NULL DEFAULT 0,
    "carrier" UUID,
    "previous_carrier" UUID,
    "waiting" BOOLEAN NOT NULL DEFAULT false,
    "due" TIMESTAMPTZ(3),
    "newest" UUID,
    "content" TEXT,
    "options" JSONB,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "conversation_storm_pkey" PRIMARY KEY ("app_id","uid","conversation_id")
);

