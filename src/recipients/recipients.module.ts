import { Module } from '@nestjs/common';
import { ContactRepository } from './contacts/contact.repository.js';
import { ContactLookup } from './contacts/contact-lookup.js';
import { MyContactController } from './contacts/my-contact.controller.js';
import { UserContactController } from './contacts/user-contact.controller.js';
import { SampledDeviceCounter } from './devices/device-census.js';
import { DeviceCareController } from './devices/device-care.controller.js';
import { DeviceLookup } from './devices/device-lookup.js';
import { DeviceUpkeep } from './devices/device-upkeep.js';
import { DeviceRepository } from './devices/device.repository.js';
import { MyDevicesController } from './devices/my-devices.controller.js';
import { UserDevicesController } from './devices/user-devices.controller.js';
import { MyReadReceiptsController } from './read-receipts/my-read-receipts.controller.js';
import { SeenMessageRepository } from './read-receipts/seen-message.repository.js';
import { UserReadReceiptsController } from './read-receipts/user-read-receipts.controller.js';
import { FirstAddresses } from './search/first-addresses.js';
import { RecipientSearch } from './search/recipient-search.js';

/** Devices, contacts and read receipts of users. */
@Module({
  providers: [
    DeviceRepository,
    DeviceLookup,
    DeviceUpkeep,
    SampledDeviceCounter,
    ContactRepository,
    ContactLookup,
    SeenMessageRepository,
    RecipientSearch,
    FirstAddresses,
  ],
  exports: [
    DeviceRepository,
    DeviceLookup,
    DeviceUpkeep,
    SampledDeviceCounter,
    ContactRepository,
    ContactLookup,
    SeenMessageRepository,
    RecipientSearch,
    FirstAddresses,
  ],
})
export class RecipientsModule {}

/** REST API of recipients. */
@Module({
  imports: [RecipientsModule],
  controllers: [
    MyDevicesController,
    UserDevicesController,
    DeviceCareController,
    MyContactController,
    UserContactController,
    MyReadReceiptsController,
    UserReadReceiptsController,
  ],
})
export class RecipientsApiModule {}
