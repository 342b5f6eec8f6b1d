const SEED = 20_260_101;

/**
 * Number of runs and seed of property tests. The values are the same in every run; `FUZZ=20 npm test` draws twenty
 * times as many new values.
 */
export function draws(numRuns: number): { numRuns: number; seed?: number } {
  const times = Number(process.env['FUZZ'] ?? 0);
  return times > 0 ? { numRuns: numRuns * times } : { numRuns, seed: SEED };
}
