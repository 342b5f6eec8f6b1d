import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyContextConfig } from 'fastify';

/** Metadata key under which Nest keeps a route's configuration; `RouteConfig` would replace it as a whole. */
const CONFIG = '__fastify_route_config__';

/** Adds to the configuration of a route, in addition to its other decorators. */
export function AddRouteConfig(config: FastifyContextConfig): MethodDecorator {
  return (target, property, descriptor) => {
    const known = Reflect.getMetadata(CONFIG, descriptor.value as object) as FastifyContextConfig | undefined;
    RouteConfig({ ...known, ...config })(target, property, descriptor);
  };
}
