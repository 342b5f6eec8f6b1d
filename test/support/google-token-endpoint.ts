import { generateKeyPairSync, verify, type KeyObject } from 'node:crypto';
import type { VendorAnswer, VendorRequest } from './vendor-server.js';

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const AUDIENCE = 'https://oauth2.googleapis.com/token';
const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';

/** Generated once, because RSA keys are slow to generate. */
const keys = new Map<string, ReturnType<typeof newKeys>>();
const newKeys = () => generateKeyPairSync('rsa', { modulusLength: 2_048 });
function keysOf(name: string): ReturnType<typeof newKeys> {
  const made = keys.get(name) ?? newKeys();
  keys.set(name, made);
  return made;
}

/** Google's token endpoint for one service account. */
export class GoogleTokenEndpoint {
  /** The account's JSON file as downloaded from Firebase. */
  readonly serviceAccount: string;
  /** Valid access tokens, the newest last. */
  readonly issued: string[] = [];
  requests = 0;
  /** Replaces the answer; undefined restores the default. */
  answer: VendorAnswer | undefined;
  private readonly email: string;
  private readonly publicKey: KeyObject;

  constructor(
    projectId: string,
    private readonly tokenSeconds: number,
    keyName = 'account',
  ) {
    const { publicKey, privateKey } = keysOf(keyName);
    this.publicKey = publicKey;
    this.email = `bellhop@${projectId}.iam.gserviceaccount.com`;
    this.serviceAccount = JSON.stringify({
      type: 'service_account',
      project_id: projectId,
      private_key_id: 'test',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      client_email: this.email,
      token_uri: AUDIENCE,
    });
  }

  /** Revokes every issued token. */
  revoke(): void {
    this.issued.length = 0;
  }

  handle({ body, headers }: VendorRequest): VendorAnswer {
    this.requests += 1;
    if (this.answer !== undefined) return this.answer;
    const form = new URLSearchParams(body);
    if (!String(headers['content-type']).startsWith('application/x-www-form-urlencoded'))
      return denied('invalid_request');
    if (form.get('grant_type') !== GRANT) return denied('unsupported_grant_type');
    if (!this.isSigned(form.get('assertion') ?? '')) return denied('invalid_grant');
    const token = `ya29.test-${this.requests}-${Math.random().toString(36).slice(2)}`;
    this.issued.push(token);
    return json(200, { access_token: token, expires_in: this.tokenSeconds, token_type: 'Bearer' });
  }

  private isSigned(assertion: string): boolean {
    const [header, claims, signature] = assertion.split('.');
    if (header === undefined || claims === undefined || signature === undefined) return false;
    const signed = Buffer.from(`${header}.${claims}`);
    if (!verify('RSA-SHA256', signed, this.publicKey, Buffer.from(signature, 'base64url'))) return false;
    const { iss, aud, scope, iat, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as {
      iss: string;
      aud: string;
      scope: string;
      iat: number;
      exp: number;
    };
    const now = Date.now() / 1_000;
    const inTime = exp > now && exp - iat <= 3_600 && iat < now + 60;
    return iss === this.email && aud === AUDIENCE && scope.split(' ').includes(SCOPE) && inTime;
  }
}

const json = (status: number, body: unknown): VendorAnswer => ({
  status,
  headers: { 'content-type': 'application/json; charset=UTF-8' },
  body: JSON.stringify(body),
});

/** An OAuth error in the format of Google. */
export function denied(error: string, status = 400): VendorAnswer {
  return json(status, { error, error_description: 'Denied by the test endpoint.' });
}
