import { hash, hkdfSync, randomBytes, scryptSync } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { PROCESS_SETTINGS } from '../config/config.module.js';
import { readPasswordHash, type PasswordHash } from '../config/credential-forms.js';
import { GatewayConfig } from '../config/gateway-config.js';
import { DEMO_ADMIN, type ProcessSettings } from '../config/process-settings.js';
import type { OperatorRole } from './operator-role.js';
import { PasswordCheck } from './password-check.js';

/** One login of an operator or viewer. */
export interface OperatorAccount {
  readonly username: string;
  readonly role: OperatorRole;
  /** Its password is public: valid for local requests only. */
  readonly isDemo: boolean;
  /** Derived from the password's digest: it signs the sessions of the account in every process. */
  readonly sessionKey: Buffer;
  readonly password: PasswordHash;
}

/** Right passwords remembered by each process, so that HTTP Basic does not compute scrypt for every request. */
const MAX_REMEMBERED = 200;
const REMEMBERED_MS = 600_000;

/** The logins: that of `ADMIN_USERNAME`, and `admin.users`. */
@Injectable()
export class OperatorAccounts {
  private readonly byName = new Map<string, OperatorAccount>();
  /** Checked in place of an unknown account, so that both take the same time. */
  private readonly decoy: OperatorAccount;
  private readonly check = new PasswordCheck();
  private readonly remembered = new LRUCache<string, true>({ max: MAX_REMEMBERED, ttl: REMEMBERED_MS });
  private readonly rememberingKey = randomBytes(32).toString('hex');

  constructor(@Inject(PROCESS_SETTINGS) { admin }: ProcessSettings, config: GatewayConfig) {
    const ofEnvironment: OperatorAccount = {
      username: admin.username,
      role: 'operator',
      isDemo: admin.password === DEMO_ADMIN.password,
      sessionKey: slowSessionKeyOf(`${admin.username}:${admin.password}`),
      password: { kind: 'sha256', hash: hash('sha256', admin.password, 'buffer') },
    };
    this.byName.set(admin.username, ofEnvironment);
    for (const { username, role, password } of config.admin.users) {
      const expected = readPasswordHash(password);
      if (!expected) continue; // refused at start
      const login = `${username}:${password}`;
      const sessionKey = expected.kind === 'scrypt' ? sessionKeyOf(login) : slowSessionKeyOf(login);
      this.byName.set(username, { username, role, isDemo: false, sessionKey, password: expected });
    }
    const accounts = [...this.byName.values()];
    this.decoy = accounts.find(({ password }) => password.kind === 'scrypt') ?? ofEnvironment;
  }

  find(username: string): OperatorAccount | undefined {
    return this.byName.get(username);
  }

  /** Whether the password of the only account is public. */
  get isDemo(): boolean {
    return [...this.byName.values()].every(({ isDemo }) => isDemo);
  }

  /**
   * @returns undefined if the account is unknown or the password wrong.
   * @throws GatewayError `AUTH.TOO_MANY_ATTEMPTS` if too many passwords are being checked.
   */
  async authenticate(username: string, password: string): Promise<OperatorAccount | undefined> {
    const account = this.byName.get(username);
    const { password: expected } = account ?? this.decoy;
    const key = this.keyOf(username, password);
    const isRight = this.remembered.get(key) ?? (await this.check.isRight(password, expected));
    if (!account || !isRight) return undefined;
    if (expected.kind === 'scrypt') this.remembered.set(key, true);
    return account;
  }

  private keyOf(username: string, password: string): string {
    return hash('sha256', `${this.rememberingKey} ${username}:${password}`);
  }
}

const SESSION = 'bellhop operator session';

/** Any change of the login, its password or its hash gives another key. */
function sessionKeyOf(login: string): Buffer {
  return Buffer.from(hkdfSync('sha256', hash('sha256', login, 'buffer'), '', SESSION, 32));
}

/** The same where a stolen session would otherwise let its thief guess the password quickly. */
function slowSessionKeyOf(login: string): Buffer {
  return scryptSync(hash('sha256', login, 'buffer'), SESSION, 32);
}
