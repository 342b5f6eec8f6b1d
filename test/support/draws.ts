const SEED = 20_260_101;

/**
 * How often a property is tried, and with what: the same values in every run, so that what passed once passes again.
 * `FUZZ=20 npm test` draws new values, and twenty times as many.
 */
export function draws(numRuns: number): { numRuns: number; seed?: number } {
  const times = Number(process.env['FUZZ'] ?? 0);
  return times > 0 ? { numRuns: numRuns * times } : { numRuns, seed: SEED };
}
