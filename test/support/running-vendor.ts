import type { Scenario } from './scenario.js';
import type { Scripted, VendorScript } from './vendor-script.js';

/** The part of a local server that tests control and observe. */
export interface LocalServer {
  readonly url: string;
  /** Connections accepted so far. */
  readonly connections: number;
  /** Closes its connections gracefully if the protocol supports that. */
  goaway(): void;
  dropConnections(): void;
  close(): Promise<void>;
}

/** One local vendor under the control of a test. */
export interface RunningVendor {
  readonly vendor: LocalServer;
  /** Plays a scenario from now on, or for the next `times` messages only. @param told the `Retry-After` of the answer. */
  play(scenario: Scenario, times?: number, told?: string): void;
  /** Number of messages received, whatever the answer. */
  asked(): number;
  /** Accepted messages in order; the oldest are removed if there are many. */
  readonly received: unknown[];
}

/** A vendor whose server has a script. @param answer the vendor's answer to a message in a scenario. */
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
