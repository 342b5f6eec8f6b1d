-- CreateTable
CREATE TABLE "callback_nonce" (
    "app_id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "nonce" BYTEA NOT NULL,
    "request" BYTEA NOT NULL,
    "taken" BOOLEAN NOT NULL DEFAULT false,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "callback_nonce_pkey" PRIMARY KEY ("app_id","provider","nonce")
);

-- CreateIndex
CREATE INDEX "callback_nonce_seen_at_idx" ON "callback_nonce" USING BRIN ("seen_at");

