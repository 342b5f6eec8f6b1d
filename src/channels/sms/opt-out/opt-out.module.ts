import { Module } from '@nestjs/common';
import { OptOutRepository } from './opt-out.repository.js';
import { OptOutsController } from './opt-outs.controller.js';

/** The stored opt-outs. */
@Module({ providers: [OptOutRepository], exports: [OptOutRepository] })
export class OptOutModule {}

/** Opt-outs over REST. */
@Module({ imports: [OptOutModule], controllers: [OptOutsController] })
export class OptOutApiModule {}
