-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "dropped" TEXT[],
ADD COLUMN     "options" JSONB,
ADD COLUMN     "ring_session" TEXT;

-- AlterTable
ALTER TABLE "device" ADD COLUMN     "retired_at" TIMESTAMPTZ(3),
ADD COLUMN     "retired_code" TEXT,
ADD COLUMN     "retired_reason" TEXT;

-- CreateTable
CREATE TABLE "ended_call" (
    "app_id" TEXT NOT NULL,
    "uid" TEXT NOT NULL,
    "session_id" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "ended_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ended_call_pkey" PRIMARY KEY ("app_id","uid","session_id")
);

-- CreateTable
CREATE TABLE "provider_state" (
    "app_id" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3),
    "failures" INTEGER NOT NULL DEFAULT 0,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "provider_state_pkey" PRIMARY KEY ("app_id","channel","provider")
);

-- CreateIndex
CREATE INDEX "ended_call_ended_at_idx" ON "ended_call"("ended_at");

-- CreateIndex
CREATE INDEX "delivery_ring_session_idx" ON "delivery"("ring_session");

