-- The ids of all messages that a text was split into, on the row of each of them.
ALTER TABLE "sms_receipt" ADD COLUMN "part_ids" JSONB;
