import { ApiProperty } from '@nestjs/swagger';

export class WebhookAnswerDto {
  @ApiProperty({ example: 'Webhook received successfully' })
  message: string;

  /** Under which the ledger tells what became of it. */
  @ApiProperty({ format: 'uuid' })
  notificationId: string;

  /** The same event came before; `notificationId` is that of the first time. */
  @ApiProperty()
  duplicate: boolean;
}
