-- Result of the last check of each provider account.
CREATE TABLE "provider_check" (
  "app_id" TEXT NOT NULL,
  "channel" TEXT NOT NULL,
  "provider" TEXT NOT NULL,
  "type" TEXT NOT NULL,
  "environment" TEXT NOT NULL,
  "credential" BYTEA NOT NULL,
  "checked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  "outcome" TEXT NOT NULL,
  "code" TEXT,
  "text" TEXT NOT NULL,
  "fix" TEXT,
  "link" TEXT,
  "failures" INTEGER NOT NULL,
  "balance" TEXT,
  "currency" TEXT,
  "clock_skew_ms" INTEGER,
  "ca_expires_at" TIMESTAMPTZ(3),
  CONSTRAINT "provider_check_pkey" PRIMARY KEY ("app_id", "channel", "provider", "type", "environment")
);
