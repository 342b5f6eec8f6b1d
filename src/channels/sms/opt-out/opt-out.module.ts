import { Module } from '@nestjs/common';
import { OptOuts } from './opt-outs.js';
import { OptOutsController } from './opt-outs.controller.js';

/** Who wants no texts. */
@Module({ providers: [OptOuts], exports: [OptOuts] })
export class OptOutModule {}

/** Asking for that, and changing it, over REST. */
@Module({ imports: [OptOutModule], controllers: [OptOutsController] })
export class OptOutApiModule {}
