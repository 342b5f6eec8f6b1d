import { Module } from '@nestjs/common';
import { OptOutRepository } from './opt-out.repository.js';
import { OptOutsController } from './opt-outs.controller.js';

/** Who wants no texts. */
@Module({ providers: [OptOutRepository], exports: [OptOutRepository] })
export class OptOutModule {}

/** Asking for that, and changing it, over REST. */
@Module({ imports: [OptOutModule], controllers: [OptOutsController] })
export class OptOutApiModule {}
