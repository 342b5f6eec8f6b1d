-- AlterTable
ALTER TABLE "provider_state" ADD COLUMN     "failed_address" TEXT,
ADD COLUMN     "probe_at" TIMESTAMPTZ(3),
ADD COLUMN     "probe_by" TEXT;
