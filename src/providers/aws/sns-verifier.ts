import { verify, X509Certificate, type KeyObject } from 'node:crypto';
import { ProviderUnavailable } from '../../domain/outcome.js';
import { connectTo } from '../http-client/connect-to.js';
import type { HttpClient } from '../http-client/http-client.js';
import { requestOf } from '../vendor-request.js';
import type { SnsMessage } from './sns-message.js';

/** SNS gives up on an HTTP endpoint after an hour at most; older ones have been seen, or were kept by somebody. */
const OLDEST_MS = 3_900_000;
/** Clocks differ. */
const NEWEST_MS = 300_000;
/** Certificates that are held; AWS replaces its own once in a while. */
const MAX_CERTIFICATES = 16;

const ALGORITHMS: Readonly<Record<string, string>> = { 1: 'RSA-SHA1', 2: 'RSA-SHA256' };

export interface SnsVerifierOptions {
  /** Nothing of any other topic is believed: SNS signs for whoever has an account with AWS. */
  readonly topicArns: readonly string[];
  readonly timeoutMs: number;
  /** Called in place of SNS's own hosts. */
  readonly endpoint: string | undefined;
  readonly ca: string | undefined;
  readonly now?: () => number;
}

/** Verifies what SNS posts, and confirms the subscriptions of the topics that are wanted. */
export class SnsVerifier {
  private readonly clients = new Map<string, HttpClient>();
  private readonly certificates = new Map<string, Promise<X509Certificate>>();
  private readonly now: () => number;

  constructor(private readonly options: SnsVerifierOptions) {
    this.now = options.now ?? Date.now;
  }

  /** @throws ProviderUnavailable where SNS's certificate cannot be fetched now. */
  async isGenuine(message: SnsMessage): Promise<boolean> {
    const { topicArn, timestamp, signatureVersion, signature, signed } = message;
    const algorithm = Object.hasOwn(ALGORITHMS, signatureVersion) ? ALGORITHMS[signatureVersion] : undefined;
    if (algorithm === undefined || !this.options.topicArns.includes(topicArn)) return false;
    const age = this.now() - timestamp.getTime();
    if (age > OLDEST_MS || age < -NEWEST_MS) return false;
    const url = certificateUrl(message);
    if (!url) return false;
    const key = await this.keyAt(url);
    return key !== undefined && verify(algorithm, Buffer.from(signed), key, signature);
  }

  /**
   * Tells SNS that a subscription is wanted, once the message is known to be genuine.
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

  /** The key of a certificate; undefined where there is none, or it is not valid today. */
  private async keyAt(url: URL): Promise<KeyObject | undefined> {
    let held = this.certificates.get(url.href);
    if (!held) {
      held = this.fetch(url);
      // Those who come meanwhile wait for the same one; what failed is fetched anew.
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

  /** Who serves it is vouched for by TLS: the host is SNS's own. */
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

/** Where SNS has the certificate of a message: a file of one name, on the host of the topic's own region. */
function certificateUrl({ topicArn, signingCertUrl }: SnsMessage): URL | undefined {
  const url = urlOfSns(signingCertUrl, topicArn);
  return url && url.search === '' && /^\/SimpleNotificationService-[0-9A-Za-z]{1,64}\.pem$/.test(url.pathname)
    ? url
    : undefined;
}

/** The address by which a subscription is confirmed; whatever else stands there is not called. */
function subscriptionUrl({ topicArn, subscribeUrl }: SnsMessage): URL | undefined {
  const url = urlOfSns(subscribeUrl ?? '', topicArn);
  if (!url || url.pathname !== '/') return undefined;
  const { searchParams: query } = url;
  const isWanted = query.get('Action') === 'ConfirmSubscription' && query.get('TopicArn') === topicArn;
  return isWanted ? url : undefined;
}

function urlOfSns(text: string, topicArn: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const [, partition = '', , region = ''] = topicArn.split(':');
  const domain = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  const isBare = url.username === '' && url.password === '' && url.hash === '';
  return isBare && url.origin === `https://sns.${region}.${domain}` ? url : undefined;
}
