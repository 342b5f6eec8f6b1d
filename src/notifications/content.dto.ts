import { ApiProperty } from '@nestjs/swagger';

export class NotificationContentDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ description: 'False: `content` shows the length of each string.' })
  isShown: boolean;
  @ApiProperty({
    type: Object,
    description: 'The webhook’s `data`, or the content of the API request.',
  })
  content: unknown;
}
