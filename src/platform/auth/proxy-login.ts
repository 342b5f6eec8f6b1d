import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { PROCESS_SETTINGS } from '../config/config.module.js';
import { GatewayConfig } from '../config/gateway-config.js';
import type { ProcessSettings } from '../config/process-settings.js';
import { isTrustedProxy } from '../http/trusted-proxies.js';
import type { Operator } from './access.js';
import { headerOf } from './header.js';
import type { OperatorRole } from './operator-role.js';

/** Names that can be stored and shown. */
const USERNAME = /^[^\p{Cc}\p{Cs}]{1,200}$/u;

/** Operators whom a proxy in front has authenticated, such as oauth2-proxy or Authentik. */
@Injectable()
export class ProxyLogin {
  private readonly userHeader: string | undefined;
  private readonly groupsHeader: string;
  private readonly operatorGroups: ReadonlySet<string>;
  private readonly proxies: readonly string[];

  constructor(@Inject(PROCESS_SETTINGS) { trustedProxies }: ProcessSettings, { admin }: GatewayConfig) {
    this.userHeader = admin.trustedHeader?.toLowerCase();
    this.groupsHeader = admin.groupsHeader.toLowerCase();
    this.operatorGroups = new Set(admin.operatorGroups);
    this.proxies = trustedProxies;
  }

  /** @returns undefined unless a trusted proxy made the request and named a user. */
  find(request: FastifyRequest): Operator | undefined {
    if (this.userHeader === undefined) return undefined;
    const username = headerOf(request, this.userHeader)?.trim();
    if (username === undefined || !USERNAME.test(username)) return undefined;
    if (!isTrustedProxy(request.socket.remoteAddress ?? '', this.proxies)) return undefined;
    return { kind: 'operator', username, role: this.roleOf(request), credential: username };
  }

  private roleOf(request: FastifyRequest): OperatorRole {
    const groups = (headerOf(request, this.groupsHeader) ?? '').split(',').map((group) => group.trim());
    return groups.some((group) => this.operatorGroups.has(group)) ? 'operator' : 'viewer';
  }
}
