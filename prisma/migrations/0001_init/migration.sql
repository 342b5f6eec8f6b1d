-- CreateTable
CREATE TABLE "device" (
    "id" UUID NOT NULL,
    "app_id" TEXT NOT NULL,
    "uid" TEXT NOT NULL,
    "platform" TEXT NOT NULL,
    "transport" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "web_push_keys" JSONB,
    "environment" TEXT,
    "session_id" TEXT,
    "timezone" TEXT,
    "locale" TEXT,
    "app_version" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "device_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contact" (
    "app_id" TEXT NOT NULL,
    "uid" TEXT NOT NULL,
    "phno" TEXT NOT NULL,
    "name" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "contact_pkey" PRIMARY KEY ("app_id","uid")
);

-- CreateTable
CREATE TABLE "notification" (
    "id" UUID NOT NULL,
    "app_id" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "uid" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "notification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "delivery" (
    "id" UUID NOT NULL,
    "notification_id" UUID NOT NULL,
    "provider" TEXT,
    "kind" TEXT,
    "device_id" UUID,
    "address" JSONB,
    "status" TEXT NOT NULL,
    "reason" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "claimed_until" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attempt" (
    "delivery_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "provider" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "vendor_code" TEXT,
    "vendor_message_id" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER NOT NULL,

    CONSTRAINT "attempt_pkey" PRIMARY KEY ("delivery_id","attempt")
);

-- CreateTable
CREATE TABLE "sandbox_message" (
    "seq" BIGSERIAL NOT NULL,
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "app_id" TEXT NOT NULL,
    "uid" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "message" TEXT NOT NULL,

    CONSTRAINT "sandbox_message_pkey" PRIMARY KEY ("seq")
);

-- CreateIndex
CREATE UNIQUE INDEX "device_app_id_transport_token_hash_key" ON "device"("app_id", "transport", "token_hash");

-- CreateIndex
CREATE UNIQUE INDEX "device_app_id_uid_session_id_transport_key" ON "device"("app_id", "uid", "session_id", "transport");

-- CreateIndex
CREATE INDEX "notification_app_id_uid_id_idx" ON "notification"("app_id", "uid", "id");

-- CreateIndex
CREATE INDEX "notification_app_id_status_id_idx" ON "notification"("app_id", "status", "id");

-- CreateIndex
CREATE INDEX "delivery_notification_id_idx" ON "delivery"("notification_id");

