import { Module } from '@nestjs/common';
import { ContactBook } from './contacts/contact-book.js';
import { ContactDirectory } from './contacts/contact-directory.js';
import { MyContactController } from './contacts/my-contact.controller.js';
import { UserContactController } from './contacts/user-contact.controller.js';
import { DeviceDirectory } from './devices/device-directory.js';
import { DeviceUpkeep } from './devices/device-upkeep.js';
import { DeviceRegistry } from './devices/device-registry.js';
import { MyDevicesController } from './devices/my-devices.controller.js';
import { UserDevicesController } from './devices/user-devices.controller.js';
import { MyReceiptsController } from './receipts/my-receipts.controller.js';
import { SeenMessages } from './receipts/seen-messages.js';
import { UserReceiptsController } from './receipts/user-receipts.controller.js';

/** Who is reached: the devices and contacts of persons. */
@Module({
  providers: [DeviceRegistry, DeviceDirectory, DeviceUpkeep, ContactBook, ContactDirectory, SeenMessages],
  exports: [DeviceRegistry, DeviceDirectory, DeviceUpkeep, ContactBook, ContactDirectory, SeenMessages],
})
export class RecipientsModule {}

/** Registering and unregistering over REST. */
@Module({
  imports: [RecipientsModule],
  controllers: [
    MyDevicesController,
    UserDevicesController,
    MyContactController,
    UserContactController,
    MyReceiptsController,
    UserReceiptsController,
  ],
})
export class RecipientsApiModule {}
