import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../errors/gateway-error.js';
import type { Operator, OperatorSession } from './access.js';
import { cookieOf } from './cookies.js';
import { isLocalRequest } from './local-request.js';
import { OperatorAccounts, type OperatorAccount } from './operator-accounts.js';

/** Time without a request after which a session ends. */
export const SESSION_MS = 43_200_000;
/** Time after the login at which a session ends in any case. */
const LONGEST_SESSION_MS = 604_800_000;
/** Age at which a session is renewed, so that few answers set a cookie. */
const RENEW_AFTER_MS = 600_000;

const SECURE_COOKIE = '__Host-bellhop';
/** For plain HTTP on this machine, where some browsers refuse the other. */
const LOCAL_COOKIE = 'bellhop';
const TOKEN = /^v1\.([A-Za-z0-9_-]{1,400})\.(\d{1,15})\.(\d{1,15})\.([A-Za-z0-9_-]{43})$/;

/**
 * Sessions of operators in browsers. They are stored nowhere: a token names its account and its times, signed with a key
 * that follows from the account's password. Each process accepts it, and a changed password or role ends it.
 */
@Injectable()
export class OperatorSessions {
  constructor(private readonly accounts: OperatorAccounts) {}

  /** Starts a session and sets its cookie. */
  start(account: OperatorAccount, request: FastifyRequest, reply: FastifyReply): OperatorSession {
    const now = Date.now();
    const session = { startedAt: new Date(now), expiresAt: new Date(now + SESSION_MS) };
    setCookie(request, reply, tokenOf(account, session), SESSION_MS);
    return session;
  }

  /**
   * The operator that a request's cookie identifies; undefined if it has none that is valid.
   *
   * @throws GatewayError `AUTH.EXPIRED`
   */
  find(request: FastifyRequest): Operator | undefined {
    const isLocal = isLocalRequest(request);
    const { cookie } = request.headers;
    const token = cookieOf(cookie, SECURE_COOKIE) ?? (isLocal ? cookieOf(cookie, LOCAL_COOKIE) : undefined);
    const [, name = '', startedAt, expiresAt, signature = ''] = TOKEN.exec(token ?? '') ?? [];
    const account = this.accounts.find(Buffer.from(name, 'base64url').toString());
    if (!account || (account.isDemo && !isLocal)) return undefined;
    const session = { startedAt: new Date(Number(startedAt)), expiresAt: new Date(Number(expiresAt)) };
    if (!timingSafeEqual(signatureOf(account, session), Buffer.from(signature, 'base64url')))
      return undefined;
    if (session.expiresAt.getTime() <= Date.now()) throw new GatewayError('AUTH.EXPIRED');
    const { username, role } = account;
    return { kind: 'operator', username, role, credential: username, session };
  }

  /** Extends a session that is in use, unless the answer sets a cookie already. */
  renew(request: FastifyRequest, reply: FastifyReply, { username, session }: Operator): void {
    const account = this.accounts.find(username);
    if (!session || !account || reply.hasHeader('set-cookie')) return;
    const now = Date.now();
    const until = Math.min(now + SESSION_MS, session.startedAt.getTime() + LONGEST_SESSION_MS);
    if (until - session.expiresAt.getTime() < RENEW_AFTER_MS) return;
    const token = tokenOf(account, { startedAt: session.startedAt, expiresAt: new Date(until) });
    setCookie(request, reply, token, until - now);
  }

  /** Deletes the cookie. The token itself remains valid until it expires. */
  end(request: FastifyRequest, reply: FastifyReply): void {
    setCookie(request, reply, '', 0);
  }
}

/** The value of a session's cookie. */
export function tokenOf(account: OperatorAccount, session: OperatorSession): string {
  const name = Buffer.from(account.username).toString('base64url');
  const signature = signatureOf(account, session).toString('base64url');
  return `v1.${name}.${session.startedAt.getTime()}.${session.expiresAt.getTime()}.${signature}`;
}

function signatureOf(
  { username, role, sessionKey }: OperatorAccount,
  { startedAt, expiresAt }: OperatorSession,
): Buffer {
  const signed = JSON.stringify([username, role, startedAt.getTime(), expiresAt.getTime()]);
  return createHmac('sha256', sessionKey).update(signed).digest();
}

function setCookie(request: FastifyRequest, reply: FastifyReply, value: string, maxAgeMs: number): void {
  const isPlain = isLocalRequest(request) && request.protocol === 'http';
  const name = isPlain ? LOCAL_COOKIE : SECURE_COOKIE;
  const maxAge = Math.floor(maxAgeMs / 1_000);
  const flags = `Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${isPlain ? '' : '; Secure'}`;
  void reply.header('set-cookie', `${name}=${value}; ${flags}`);
}
