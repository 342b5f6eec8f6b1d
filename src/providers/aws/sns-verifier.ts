import { verify, X509Certificate, type KeyObject } from 'node:crypto';
import { ProviderUnavailable } from '../../domain/outcome.js';
import { connectTo } from '../http-client/connect-to.js';
import type { HttpClient } from '../http-client/http-client.js';
import { requestOf } from '../vendor-request.js';
import type { SnsMessage } from './sns-message.js';

/** Maximum age. SNS retries an HTTP endpoint for an hour at most; older messages are replays. */
const MAX_AGE_MS = 3_900_000;
/** Maximum clock difference. */
const MAX_AHEAD_MS = 300_000;
/** Maximum cached certificates; AWS replaces its own occasionally. */
const MAX_CERTIFICATES = 16;

const ALGORITHMS: Readonly<Record<string, string>> = { 1: 'RSA-SHA1', 2: 'RSA-SHA256' };

export interface SnsVerifierOptions {
  /** Messages of other topics are rejected: SNS signs for every AWS account. */
  readonly topicArns: readonly string[];
  readonly timeoutMs: number;
  /** Replaces SNS's hosts. */
  readonly endpoint: string | undefined;
  readonly ca: string | undefined;
  readonly now?: () => number;
}

/** Verifies SNS messages and confirms subscriptions of the configured topics. */
export class SnsVerifier {
  private readonly clients = new Map<string, HttpClient>();
  private readonly certificates = new Map<string, Promise<X509Certificate>>();
  private readonly now: () => number;

  constructor(private readonly options: SnsVerifierOptions) {
    this.now = options.now ?? Date.now;
  }

  /** @throws ProviderUnavailable if SNS's certificate cannot be fetched. */
  async isGenuine(message: SnsMessage): Promise<boolean> {
    const { topicArn, timestamp, signatureVersion, signature, signed } = message;
    const algorithm = Object.hasOwn(ALGORITHMS, signatureVersion) ? ALGORITHMS[signatureVersion] : undefined;
    if (algorithm === undefined || !this.options.topicArns.includes(topicArn)) return false;
    const age = this.now() - timestamp.getTime();
    if (age > MAX_AGE_MS || age < -MAX_AHEAD_MS) return false;
    const url = certificateUrl(message);
    if (!url) return false;
    const key = await this.keyAt(url);
    return key !== undefined && verify(algorithm, Buffer.from(signed), key, signature);
  }

  /**
   * Confirms the subscription of a verified message.
   *
   * @throws ProviderUnavailable
   */
  async confirm(message: SnsMessage): Promise<void> {
    const url = subscriptionUrl(message);
    if (!url) return;
    const { status } = await this.get(url);
    if (status >= 300) throw new ProviderUnavailable({ vendorCode: `sns_${status}` });
  }

  async close(): Promise<void> {
    await Promise.all([...this.clients.values()].map((client) => client.close()));
  }

  /** The certificate's key; undefined if it is not RSA or the certificate is not currently valid. */
  private async keyAt(url: URL): Promise<KeyObject | undefined> {
    let held = this.certificates.get(url.href);
    if (!held) {
      held = this.fetch(url);
      // Concurrent callers share the fetch; a failed one is repeated.
      held.catch(() => this.certificates.delete(url.href));
      const [oldest] = this.certificates.keys();
      if (this.certificates.size >= MAX_CERTIFICATES && oldest !== undefined)
        this.certificates.delete(oldest);
      this.certificates.set(url.href, held);
    }
    const { validFrom, validTo, publicKey } = await held;
    const now = this.now();
    const isValid = now >= Date.parse(validFrom) && now <= Date.parse(validTo);
    return isValid && publicKey.asymmetricKeyType === 'rsa' ? publicKey : undefined;
  }

  /** TLS authenticates the certificate: the host is SNS's own. */
  private async fetch(url: URL): Promise<X509Certificate> {
    const { status, body } = await this.get(url);
    if (status !== 200) throw new ProviderUnavailable({ vendorCode: `sns_certificate_${status}` });
    try {
      return new X509Certificate(body);
    } catch {
      throw new ProviderUnavailable({ vendorCode: 'sns_certificate_unreadable' });
    }
  }

  private get(url: URL): ReturnType<typeof requestOf> {
    const { timeoutMs } = this.options;
    const path = url.pathname + url.search;
    return requestOf(this.clientOf(url), { method: 'GET', path, headers: {}, timeoutMs });
  }

  private clientOf({ origin }: URL): HttpClient {
    const endpoint = this.options.endpoint ?? origin;
    const client = this.clients.get(endpoint) ?? connectTo({ endpoint, ca: this.options.ca });
    this.clients.set(endpoint, client);
    return client;
  }
}

/** The certificate's URL: a file with a fixed name pattern on the SNS host of the topic's region. */
function certificateUrl({ topicArn, signingCertUrl }: SnsMessage): URL | undefined {
  const url = snsUrl(signingCertUrl, topicArn);
  return url && url.search === '' && /^\/SimpleNotificationService-[0-9A-Za-z]{1,64}\.pem$/.test(url.pathname)
    ? url
    : undefined;
}

/** The URL that confirms a subscription; any other URL is rejected. */
function subscriptionUrl({ topicArn, subscribeUrl }: SnsMessage): URL | undefined {
  const url = snsUrl(subscribeUrl ?? '', topicArn);
  if (!url || url.pathname !== '/') return undefined;
  const { searchParams: query } = url;
  const isWanted = query.get('Action') === 'ConfirmSubscription' && query.get('TopicArn') === topicArn;
  return isWanted ? url : undefined;
}

function snsUrl(text: string, topicArn: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const [, partition = '', , region = ''] = topicArn.split(':');
  const domain = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  const isBare = url.username === '' && url.password === '' && url.hash === '';
  return isBare && url.origin === `https://sns.${region}.${domain}` ? url : undefined;
}
