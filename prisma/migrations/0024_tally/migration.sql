-- What happened in each minute, five minutes and hour, for /v1/stats and /v1/spend. The table is new, so that nobody waits for a lock. Its
-- partitions are made by the upkeep; "…_default" takes what has none.
CREATE TABLE "tally" (
    "span_seconds" INTEGER NOT NULL,
    "start" TIMESTAMPTZ(3) NOT NULL,
    "measure" TEXT NOT NULL,
    "app_id" TEXT NOT NULL,
    "labels" TEXT NOT NULL,
    "n" BIGINT NOT NULL,

    CONSTRAINT "tally_pkey" PRIMARY KEY ("span_seconds","measure","start","app_id","labels")
) PARTITION BY RANGE ("start");

CREATE TABLE "tally_default" PARTITION OF "tally" DEFAULT;
