-- AlterTable
ALTER TABLE "device" ADD COLUMN     "reached_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "provider_release" (
    "app_id" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "released_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "provider_release_pkey" PRIMARY KEY ("app_id","channel","provider")
);
