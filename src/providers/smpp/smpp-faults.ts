/** A request that has no answer. */
export class LinkFault extends Error {
  override readonly name = 'LinkFault';

  constructor(
    /** Node's code for what went wrong, or a word for it. */
    readonly code: string,
    /** The request was written: the centre may have acted on it. */
    readonly written: boolean,
  ) {
    super(code);
  }
}

/** The centre does not let us in, or not now. */
export class BindRefused extends Error {
  override readonly name = 'BindRefused';

  constructor(
    /** Its `command_status`, by name. */
    readonly status: string,
  ) {
    super(status);
  }
}
