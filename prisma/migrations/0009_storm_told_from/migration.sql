-- AlterTable
ALTER TABLE "conversation_storm" ADD COLUMN     "began" UUID,
ADD COLUMN     "told_from" UUID;

