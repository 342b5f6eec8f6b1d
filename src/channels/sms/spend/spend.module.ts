import { Module } from '@nestjs/common';
import { SpendController } from './spend.controller.js';
import { SpendReport } from './spend-report.js';

/** What SMS cost, over REST. */
@Module({ providers: [SpendReport], controllers: [SpendController] })
export class SpendModule {}
