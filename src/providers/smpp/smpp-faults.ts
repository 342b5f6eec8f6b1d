/** A request without a response. */
export class LinkFault extends Error {
  override readonly name = 'LinkFault';

  constructor(
    /** Node's error code, or one of ours. */
    readonly code: string,
    /** The request was written; the SMSC may have processed it. */
    readonly written: boolean,
  ) {
    super(code);
  }
}

/** The SMSC refused the bind. */
export class BindRefused extends Error {
  override readonly name = 'BindRefused';

  constructor(
    /** `command_status` by name. */
    readonly status: string,
  ) {
    super(status);
  }
}
