import type { Scenario } from './scenario.js';
import type { Scripted, VendorScript } from './vendor-script.js';

/** A local server, as far as it is steered and counted from outside. */
export interface LocalServer {
  readonly url: string;
  /** Connections accepted so far. */
  readonly connections: number;
  /** Ends its connections in order, where the protocol has a word for that. */
  goaway(): void;
  dropConnections(): void;
  close(): Promise<void>;
}

/** One local vendor, seen from outside. */
export interface RunningVendor {
  readonly vendor: LocalServer;
  /** Plays a scenario from now on, or for the next `times` messages only. @param told the `Retry-After` to answer with. */
  play(scenario: Scenario, times?: number, told?: string): void;
  /** How many messages it was asked to send, whatever it answered. */
  asked(): number;
  /** Messages that it took, in order; the oldest go when they are many. */
  readonly received: unknown[];
}

/** A vendor whose server keeps a script. @param answer how it plays a scenario. */
export function scripted<M>(
  { vendor, script }: { readonly vendor: LocalServer; readonly script: VendorScript<M> },
  answer: (scenario: Scenario, told?: string) => Scripted<M>,
): RunningVendor {
  return {
    vendor,
    play: (scenario, times, told) => script.answerWith(answer(scenario, told), times),
    asked: () => script.asked,
    received: script.received,
  };
}
