import type { FastifyRequest } from 'fastify';
import { normaliseUid } from '../../domain/uid.js';
import type { Caller } from '../auth/access.js';
import { addressOf } from '../http/client-network.js';
import type { AuditedRoute } from './audited.decorator.js';

/** Kinds of callers whose actions are recorded. */
export const ACTOR_KINDS = ['operator', 'backend'] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

/** One action that changed something. */
export interface AuditEntry {
  /** Name of the login or API key. */
  readonly actor: string;
  readonly actorKind: ActorKind;
  /** null: no single app. */
  readonly appId: string | null;
  readonly fromAddress: string;
  readonly action: string;
  /** The user whom it concerned. */
  readonly uid: string | null;
  readonly target: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

const MAX_TEXT = 300;
/** Parameters that have a column of their own. */
const NAMED = new Set(['appId', 'uid']);

/** The entry of a request; undefined if nothing happened, or by neither an operator nor a backend. */
export function auditEntryOf(request: FastifyRequest, route: AuditedRoute): AuditEntry | undefined {
  const actor = actorOf(request.caller);
  if (!actor || request.audit?.isSkipped) return undefined;
  const params = fieldsOf(request.params);
  const given = { ...fieldsOf(request.query), ...fieldsOf(request.body) };
  const known = request.audit ?? {};
  const appOfCaller = request.caller.kind === 'backend' ? request.caller.app.appId : undefined;
  const uid = known.uid === undefined ? uidIn(params) : known.uid;
  const target = known.target ?? targetIn(params);
  return {
    ...actor,
    appId: appOfCaller ?? known.appId ?? textIn(params['appId']) ?? textIn(given['appId']),
    fromAddress: addressOf(request),
    action: route.action,
    uid,
    target,
    detail: { ...pick(given, route.detail ?? []), ...known.detail },
  };
}

function actorOf(caller: Caller): Pick<AuditEntry, 'actor' | 'actorKind'> | undefined {
  return caller.kind === 'operator' || caller.kind === 'backend'
    ? { actor: caller.credential, actorKind: caller.kind }
    : undefined;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

function uidIn({ uid }: Readonly<Record<string, unknown>>): string | null {
  return typeof uid === 'string' ? (normaliseUid(uid) ?? textIn(uid)) : null;
}

function targetIn(params: Readonly<Record<string, unknown>>): string | null {
  const parts = Object.entries(params).flatMap(([name, value]) =>
    NAMED.has(name) ? [] : (textIn(value) ?? []),
  );
  return parts.length === 0 ? null : textIn(parts.join('/'));
}

/** PostgreSQL refuses U+0000 and lone surrogates. */
function textIn(value: unknown): string | null {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT).replaceAll(/[\p{Cc}\p{Cs}]/gu, ' ') : null;
}

function pick(given: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const name of names) {
    const value = given[name];
    if (typeof value === 'number' || typeof value === 'boolean') picked[name] = value;
    else if (typeof value === 'string') picked[name] = textIn(value);
  }
  return picked;
}
