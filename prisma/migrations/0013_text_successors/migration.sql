-- Texts that are to be given to the next vendor, written with what made them so; gone once their job is in the queue.
CREATE TABLE "sms_successor" (
    "delivery_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sms_successor_pkey" PRIMARY KEY ("delivery_id")
);
