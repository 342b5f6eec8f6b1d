import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { apiDocument } from '../../src/admin/api-description.js';
import { AppModule } from '../../src/app.module.js';
import { DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import { parseGatewayConfig } from '../../src/platform/config/load-gateway-config.js';
import { readProcessSettings } from '../../src/platform/config/process-settings.js';
import { ERRORS } from '../../src/platform/errors/error-table.js';
import { PROVIDER_TYPES } from '../../src/providers/provider-types.js';
import { PostgresStore } from '../../src/queue/bullmq/queue-store.js';
import { code, generatedFrom, table } from './markdown.mjs';

/** @import { OpenAPIObject } from '@nestjs/swagger' */
/** @typedef {Exclude<NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string], { $ref: string }>} Schema */
/** @typedef {NonNullable<OpenAPIObject['paths'][string]['get']>} Operation */

const METHODS = /** @type {const} */ (['get', 'post', 'put', 'patch', 'delete']);
const ACCESS = /** @type {Readonly<Record<string, string>>} */ ({
  webhook: 'webhook credentials',
  operator: 'operator',
  apikey: 'API key',
  client: 'client JWT',
  authToken: 'CometChat auth token',
});

/** `docs/http-api.md`. */
export async function httpApiPage() {
  const { paths, components = {} } = await documentOfGateway();
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ name: `${method.toUpperCase()} ${path}`, operation }] : [];
    }),
  );
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? 'other'))];
  return [
    generatedFrom('the OpenAPI document'),
    '# HTTP API',
    'The gateway serves the same description as a page at `/docs` and as an OpenAPI document at `/docs-json`.',
    ...tags.flatMap((tag) => [
      `## ${tag}`,
      ...operations
        .filter(({ operation }) => (operation.tags?.[0] ?? 'other') === tag)
        .flatMap(({ name, operation }) => route(name, operation)),
    ]),
    '## Errors',
    'Every error has a body of the form [`ErrorBodyDto`](#errorbodydto).',
    table(
      ['code', 'status', 'meaning'],
      Object.entries(ERRORS).map(([name, [status, meaning]]) => [code(name), String(status), meaning]),
    ),
    '## Schemas',
    ...Object.entries(components.schemas ?? {}).flatMap(([name, schema]) =>
      '$ref' in schema || !schema.properties ? [] : [`### ${name}`, ...fields(schema)],
    ),
  ].join('\n\n');
}

/**
 * The document of a gateway that only has its routes: nothing is instantiated or connected.
 *
 * @returns {Promise<OpenAPIObject>}
 */
export async function documentOfGateway() {
  const { settings, reading } = readProcessSettings({ ROLE: 'api' });
  const { config } = parseGatewayConfig(DEMO_CONFIG, '.', {}, PROVIDER_TYPES);
  const databaseUrl = 'postgresql://unused.invalid/unused';
  const logger = pino({ level: 'silent' });
  const queueStore = new PostgresStore(databaseUrl);
  const app = await NestFactory.create(
    AppModule.for({ settings, config, origins: { reading }, demo: true, logger, databaseUrl, queueStore }),
    new FastifyAdapter(),
    { preview: true, logger: false, abortOnError: false },
  );
  return apiDocument(app);
}

/** @param {string} name @param {Operation} operation */
function route(name, { summary = '', description, security, parameters = [], requestBody, responses }) {
  const access = (security ?? []).flatMap((one) => Object.keys(one)).map((one) => ACCESS[one] ?? one);
  const given = parameters.flatMap((one) =>
    '$ref' in one
      ? []
      : [
          [
            code(one.name),
            one.in,
            `${typeOf(one.schema)}${one.required ? ', required' : ''}`,
            one.description ?? '',
          ],
        ],
  );
  const body = requestBody && 'content' in requestBody ? schemaIn(requestBody.content) : undefined;
  const answers = Object.entries(responses ?? {}).flatMap(([status, one]) => {
    if (status === 'default' || !one || '$ref' in one) return [];
    const codes = [...new Set((one.description ?? '').match(/`[A-Z]+\.[A-Z_]+`/g) ?? [])];
    const meaning = codes.length > 0 ? codes.join(', ') : one.description;
    return [
      [status, [codes.length > 0 ? '' : typeOf(schemaIn(one.content)), meaning].filter(Boolean).join(': ')],
    ];
  });
  return [
    `### ${code(name)}`,
    [summary.replace(/\.?$/, '.'), description].filter(Boolean).join('\n\n'),
    [access.length > 0 ? `Access: ${access.join(' or ')}.` : '', body ? `Body: ${typeOf(body)}.` : '']
      .filter(Boolean)
      .join(' '),
    given.length > 0 ? table(['parameter', 'in', 'value', 'meaning'], given) : '',
    answers.length > 0 ? table(['answer', 'body or codes'], answers) : '',
  ].filter(Boolean);
}

/** @param {Schema} schema */
function fields({ description, properties = {}, required = [] }) {
  const rows = Object.entries(properties).map(([name, one]) => [
    code(name),
    `${typeOf(one)}${required.includes(name) ? '' : ', optional'}`,
    // A list of reasons or codes has a page or a table of its own.
    ('description' in one ? (one.description ?? '') : '').split('\n\n- ')[0] ?? '',
  ]);
  return [description ?? '', table(['field', 'value', 'meaning'], rows)].filter(Boolean);
}

/** @param {Readonly<Record<string, { schema?: Schema | { $ref: string } }>> | undefined} content */
function schemaIn(content) {
  return content?.['application/json']?.schema;
}

/** @param {Schema | { $ref: string } | undefined} schema @returns {string} */
function typeOf(schema) {
  if (!schema) return '';
  if ('$ref' in schema) return linkTo(schema.$ref);
  const { type, items, format, allOf, oneOf, nullable, minimum, maximum, maxLength } = schema;
  const choices = schema.enum;
  const inner = allOf?.[0] ?? oneOf?.[0];
  const what = choices
    ? choices.length > 20
      ? 'one of a [list](reasons.md)'
      : choices.map((one) => code(one)).join(', ')
    : items
      ? `list of ${typeOf(items) || 'any'}`
      : inner
        ? typeOf(inner)
        : [type ?? 'any', format && `(${format})`].filter(Boolean).join(' ');
  return [
    what,
    minimum === undefined ? '' : `from ${minimum}`,
    maximum === undefined ? '' : `to ${maximum}`,
    maxLength === undefined ? '' : `up to ${maxLength} characters`,
    nullable ? 'or null' : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** @param {string} ref */
function linkTo(ref) {
  const name = ref.split('/').at(-1) ?? '';
  return name === 'ErrorCode' ? '[code](#errors)' : `[\`${name}\`](#${name.toLowerCase()})`;
}
