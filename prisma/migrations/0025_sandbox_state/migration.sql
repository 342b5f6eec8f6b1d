-- How sandboxes answer, if an operator has switched them. The table is new, so that nobody waits for a lock.
CREATE TABLE "sandbox_state" (
    "app_id" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "state" TEXT NOT NULL,

    CONSTRAINT "sandbox_state_pkey" PRIMARY KEY ("app_id","channel","provider")
);
