import { useSetting } from '../../api/config.js';

/** Until the setting is known, in seconds. */
const USUAL_SECONDS = 45;

/** Time for which a phone rings unless the call ends before, in ms; the gateway sends no ring after it. */
export function useRingMs(): number {
  const seconds = useSetting('delivery.ringSeconds');
  return (typeof seconds === 'number' ? seconds : USUAL_SECONDS) * 1_000;
}
