-- AlterTable
ALTER TABLE "attempt" ADD COLUMN     "possible_double" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "receipt_at" TIMESTAMPTZ(3),
ADD COLUMN     "receipt_code" TEXT,
ADD COLUMN     "receipt_status" TEXT;

-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "cost_micros" BIGINT,
ADD COLUMN     "country" TEXT,
ADD COLUMN     "currency" TEXT,
ADD COLUMN     "encoding" TEXT,
ADD COLUMN     "segments" INTEGER,
ADD COLUMN     "would_send" JSONB;

-- CreateTable
CREATE TABLE "sms_receipt" (
    "app_id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "vendor_message_id" TEXT NOT NULL,
    "delivery_id" UUID,
    "attempt" INTEGER,
    "status" TEXT,
    "reason" TEXT,
    "vendor_code" TEXT,
    "at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sms_receipt_pkey" PRIMARY KEY ("app_id","provider","vendor_message_id")
);

-- CreateTable
CREATE TABLE "opt_out" (
    "app_id" TEXT NOT NULL,
    "phno" TEXT NOT NULL,
    "opted_out" BOOLEAN NOT NULL,
    "source" TEXT NOT NULL,
    "provider" TEXT,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "opt_out_pkey" PRIMARY KEY ("app_id","phno")
);

-- CreateTable
CREATE TABLE "sms_counter" (
    "app_id" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "window_start" TIMESTAMPTZ(3) NOT NULL,
    "texts" INTEGER NOT NULL DEFAULT 0,
    "cost_micros" BIGINT NOT NULL DEFAULT 0,
    "warned" BOOLEAN NOT NULL DEFAULT false,
    "stopped" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "sms_counter_pkey" PRIMARY KEY ("app_id","scope","key","window_start")
);

-- CreateTable
CREATE TABLE "sms_pace" (
    "app_id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sms_pace_pkey" PRIMARY KEY ("app_id","provider")
);

-- CreateTable
CREATE TABLE "seen_message" (
    "app_id" TEXT NOT NULL,
    "uid" TEXT NOT NULL,
    "tag" TEXT NOT NULL,
    "conversation_id" TEXT,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "seen_message_pkey" PRIMARY KEY ("app_id","uid","tag")
);

-- CreateTable
CREATE TABLE "texted_message" (
    "app_id" TEXT NOT NULL,
    "uid" TEXT NOT NULL,
    "message_id" TEXT NOT NULL,
    "notification_id" UUID NOT NULL,
    "texted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "texted_message_pkey" PRIMARY KEY ("app_id","uid","message_id")
);

-- CreateIndex
CREATE INDEX "sms_receipt_created_at_idx" ON "sms_receipt" USING BRIN ("created_at");

-- CreateIndex
CREATE INDEX "sms_counter_window_start_idx" ON "sms_counter"("window_start");

-- CreateIndex
CREATE INDEX "seen_message_app_id_uid_conversation_id_seen_at_idx" ON "seen_message"("app_id", "uid", "conversation_id", "seen_at");

-- CreateIndex
CREATE INDEX "seen_message_seen_at_idx" ON "seen_message"("seen_at");

-- CreateIndex
CREATE INDEX "texted_message_texted_at_idx" ON "texted_message"("texted_at");

