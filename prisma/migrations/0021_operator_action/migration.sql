-- CreateTable
CREATE TABLE "operator_action" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "app_id" TEXT,
    "from_address" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "uid" TEXT,
    "target" TEXT,
    "detail" JSONB NOT NULL,

    CONSTRAINT "operator_action_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "operator_action_app_id_id_idx" ON "operator_action"("app_id", "id");

-- CreateIndex
CREATE INDEX "operator_action_actor_id_idx" ON "operator_action"("actor", "id");

-- CreateIndex
CREATE INDEX "operator_action_action_id_idx" ON "operator_action"("action", "id");

-- CreateIndex
CREATE INDEX "operator_action_app_id_uid_idx" ON "operator_action"("app_id", "uid");
