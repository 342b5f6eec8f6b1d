-- Reads every row once; reading and writing go on meanwhile.
ALTER TABLE "notification" VALIDATE CONSTRAINT "ledger_bound";
ALTER TABLE "delivery" VALIDATE CONSTRAINT "ledger_bound";
ALTER TABLE "attempt" VALIDATE CONSTRAINT "ledger_bound";
