/** The usual cause of a vendor's code, for people who ask why a notification did not arrive. */
export interface Explanation {
  /** The cause, in one or two sentences. */
  readonly cause: string;
  /** A sentence of what the gateway itself knows; undefined if nothing. */
  readonly detail?: (context: ExplanationContext) => string | undefined;
  /** The next step for the operator or app developer, in the imperative. */
  readonly fix: string;
  /** The vendor's page about it. */
  readonly link: string;
}

/** The facts of a delivery that an explanation may name. */
export interface ExplanationContext {
  /** The delivery's kind: a transport, `sandbox` or `sms`. */
  readonly kind: string;
  /** The registered APNs environment of the device. */
  readonly environment?: string | undefined;
  /** The provider's settings; unset if it is no longer configured. */
  readonly settings?: object | undefined;
}

/** The explanations of one vendor by its codes, spelled as in the ledger. */
export type Explanations = Readonly<Record<string, Explanation>>;
