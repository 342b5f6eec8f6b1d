import { ApiProperty } from '@nestjs/swagger';

export class WebhookAnswerDto {
  @ApiProperty({ example: 'Webhook received successfully' })
  message: string;

  /** Id in the ledger. */
  @ApiProperty({ format: 'uuid' })
  notificationId: string;

  /** Repeats an earlier event; `notificationId` is that of the first. */
  @ApiProperty()
  duplicate: boolean;
}
