-- CreateIndex
CREATE INDEX "attempt_started_at_idx" ON "attempt" USING BRIN ("started_at");

-- CreateIndex
CREATE INDEX "device_updated_at_idx" ON "device"("updated_at");

-- CreateIndex
CREATE INDEX "device_retired_at_idx" ON "device"("retired_at");

