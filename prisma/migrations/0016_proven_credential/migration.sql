-- CreateTable
CREATE TABLE "proven_credential" (
    "credential" BYTEA NOT NULL,
    "scope" TEXT NOT NULL,
    "proven_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "proven_credential_pkey" PRIMARY KEY ("credential","scope")
);

