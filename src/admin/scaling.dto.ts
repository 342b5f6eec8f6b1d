import { ApiProperty } from '@nestjs/swagger';
import { ALL_QUEUES } from '../queue/jobs.js';

export class QueueLoadDto {
  @ApiProperty({
    enum: ALL_QUEUES,
    description:
      '`plan`, `plan-calls` and `push-calls` hold jobs of an earlier version; only shown with jobs.',
  })
  name: string;
  @ApiProperty({ description: 'Jobs that wait for a worker.' })
  waiting: number;
  @ApiProperty({ description: 'Jobs in progress.' })
  active: number;
  @ApiProperty({ description: 'Jobs that are due later, such as retries.' })
  delayed: number;
  @ApiProperty({ description: 'Jobs that failed for good.' })
  failed: number;
  @ApiProperty({ description: 'The queue is paused: more workers would not help.' })
  paused: boolean;
  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'How long the oldest waiting job has waited; null if none waits.',
  })
  oldestSeconds: number | null;
  @ApiProperty({ description: 'Workers that are connected; a process has one for each of its queues.' })
  workers: number;
}

export class ScalingDto {
  @ApiProperty({ type: [QueueLoadDto], description: 'In the order in which a notification passes them.' })
  queues: QueueLoadDto[];
}
