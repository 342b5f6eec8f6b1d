/** Fields of an event that hold ids of users, groups and conversations. CometChat writes those in lower case. */
export const ID_FIELDS = [
  ['uid'],
  ['details', 'sender'],
  ['details', 'receiver'],
  ['details', 'conversationId'],
  ['data', 'to', 'uid'],
  ['data', 'senderDetails', 'uid'],
  ['data', 'groupDetails', 'guid'],
  ['data', 'notificationDetails', 'sender'],
  ['data', 'notificationDetails', 'receiver'],
  ['data', 'notificationDetails', 'conversationId'],
] as const;
