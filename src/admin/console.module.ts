import path from 'node:path';
import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { serveConsole } from './console-files.js';

/** The path is right for `src/admin` and for `dist/admin`. */
const BUILT = path.resolve(import.meta.dirname, '../../dist/console');

/** Serves the console under `/admin/`. */
@Module({})
export class ConsoleModule implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost) {}

  onModuleInit(): Promise<void> {
    return serveConsole(this.host.httpAdapter.getInstance<FastifyInstance>(), BUILT);
  }
}
