import { CommandFailed, EXIT, type CommandInput } from '../command.js';

const DEFAULT_URL = 'http://127.0.0.1:3000';

/** The variables that say which gateway a command speaks to, and as whom. */
export const REMOTE_VARIABLES = `  BELLHOP_URL                          the gateway; default ${DEFAULT_URL}
  BELLHOP_USERNAME, BELLHOP_PASSWORD   an operator's login
  BELLHOP_API_KEY                      instead: an API key of the app`;

interface ErrorBody {
  readonly code?: string;
  readonly message?: string;
  readonly errors?: readonly { readonly path: string; readonly problem: string }[];
  readonly requestId?: string;
}

type Query = Readonly<Record<string, string | undefined>>;

/** The API of a running gateway. */
export class GatewayClient {
  readonly url: string;
  private readonly headers: Readonly<Record<string, string>>;

  /** @throws CommandFailed if the variables are incomplete. */
  constructor({ env, signal }: Pick<CommandInput, 'env' | 'signal'>) {
    this.signal = signal;
    this.url = (env['BELLHOP_URL'] ?? DEFAULT_URL).replace(/\/+$/, '');
    if (!URL.canParse(this.url)) throw new CommandFailed(EXIT.wrongUsage, 'BELLHOP_URL is not a URL.');
    this.headers = credentialsIn(env);
  }

  private readonly signal: AbortSignal;

  get<T>(path: string, query: Query = {}): Promise<T> {
    return this.call<T>('GET', path, query);
  }

  post<T>(path: string, body: object): Promise<T> {
    return this.call<T>('POST', path, {}, body);
  }

  patch<T>(path: string, body: object): Promise<T> {
    return this.call<T>('PATCH', path, {}, body);
  }

  delete<T>(path: string, query: Query = {}): Promise<T> {
    return this.call<T>('DELETE', path, query);
  }

  /**
   * The bytes of an event stream.
   *
   * @param lastId of an earlier stream. @param silentMs after this silence the connection counts as lost.
   * @throws CommandFailed as the other calls; the stream itself throws when the connection is lost.
   */
  async stream(
    path: string,
    query: Query,
    lastId: string | undefined,
    silentMs: number,
  ): Promise<AsyncIterable<Uint8Array>> {
    const lost = new AbortController();
    // Not waited for when the command ends.
    const timer = setTimeout(() => lost.abort(), silentMs).unref();
    const headers = lastId === undefined ? {} : { 'last-event-id': lastId };
    const signal = AbortSignal.any([this.signal, lost.signal]);
    const response = await this.fetch(this.urlOf(path, query), 'GET', undefined, { headers, signal });
    if (!response.ok) throw failureOf(response.status, await response.text());
    return untilSilent(response.body, timer);
  }

  private urlOf(path: string, query: Query): URL {
    const url = new URL(`${this.url}${path}`);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    return url;
  }

  /** @throws CommandFailed with the exit code of the answer, or if the gateway cannot be reached. */
  private async call<T>(method: string, path: string, query: Query, body?: object): Promise<T> {
    const response = await this.fetch(this.urlOf(path, query), method, body);
    const text = await response.text();
    if (response.ok) return (text === '' ? undefined : JSON.parse(text)) as T;
    throw failureOf(response.status, text);
  }

  private async fetch(
    url: URL,
    method: string,
    body: object | undefined,
    more: { readonly headers?: Readonly<Record<string, string>>; readonly signal?: AbortSignal } = {},
  ): Promise<Response> {
    const type = body ? { 'content-type': 'application/json' } : {};
    try {
      return await fetch(url, {
        ...{ method, headers: { ...this.headers, ...type, ...more.headers } },
        signal: more.signal ?? this.signal,
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
    } catch (error) {
      if (this.signal.aborted) throw new CommandFailed(EXIT.interrupted, 'Interrupted.');
      throw new CommandFailed(EXIT.unreachable, `${this.url} cannot be reached (${causeOf(error)}).`);
    }
  }
}

/** The chunks of a body; each restarts the timer. */
async function* untilSilent(
  body: AsyncIterable<Uint8Array> | null,
  timer: NodeJS.Timeout,
): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const chunk of body ?? []) {
      timer.refresh();
      yield chunk;
    }
  } finally {
    clearTimeout(timer);
  }
}

function credentialsIn(env: NodeJS.ProcessEnv): Record<string, string> {
  const { BELLHOP_API_KEY: apikey, BELLHOP_USERNAME: username, BELLHOP_PASSWORD: password } = env;
  if (apikey !== undefined && apikey !== '') return { apikey };
  if (username === undefined || password === undefined) {
    throw new CommandFailed(
      EXIT.wrongUsage,
      'Set BELLHOP_USERNAME and BELLHOP_PASSWORD, or BELLHOP_API_KEY. The demo prints its own at start.',
    );
  }
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

function failureOf(status: number, text: string): CommandFailed {
  const { code, message, errors = [], requestId } = errorIn(text);
  const faults = errors.map(({ path, problem }) => `\n  ${path} ${problem}`.trimEnd()).join('');
  const id = requestId === undefined ? '' : ` (request ${requestId})`;
  const said = `${message ?? `The gateway answers ${status}.`}${code === undefined ? '' : ` [${code}]`}${id}${faults}`;
  if (status === 401 || status === 403) return new CommandFailed(EXIT.refused, said);
  if (status === 400 || status === 404) return new CommandFailed(EXIT.wrongUsage, said);
  return new CommandFailed(status >= 500 ? EXIT.unreachable : EXIT.bad, said);
}

function errorIn(text: string): ErrorBody {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? body : {};
  } catch {
    return {};
  }
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (typeof cause === 'object' && cause !== null && 'code' in cause) return String(cause.code);
  return cause instanceof Error ? cause.message : String(cause);
}
