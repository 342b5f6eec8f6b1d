import { styleText } from 'node:util';

export interface Streams {
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red';

/** Data goes to standard output, everything else to standard error. */
export class Output {
  private readonly isColoured: boolean;

  constructor(
    private readonly streams: Streams,
    env: NodeJS.ProcessEnv,
    /** `--json`: one JSON document, or one per line. */
    readonly isJson: boolean,
    mayColour: boolean,
  ) {
    const isPlain = env['NO_COLOR'] !== undefined || env['TERM'] === 'dumb';
    this.isColoured = mayColour && !isJson && !isPlain && streams.stdout.isTTY === true;
  }

  /** A line of data. */
  line(text = ''): void {
    this.streams.stdout.write(`${text}\n`);
  }

  /** A document of data. */
  json(value: unknown): void {
    this.line(JSON.stringify(value, null, 2));
  }

  /** A document on one line. */
  record(value: unknown): void {
    this.line(JSON.stringify(value));
  }

  /** Progress, questions and errors. */
  say(text: string): void {
    this.streams.stderr.write(`${text}\n`);
  }

  /** The stream of `say`, for a progress line. */
  get talk(): Streams['stderr'] {
    return this.streams.stderr;
  }

  styled(style: Style, text: string): string {
    return this.isColoured ? styleText(style, text, { validateStream: false }) : text;
  }
}
