/** The fields that CometChat itself puts into a push: https://www.cometchat.com/docs/notifications/push-integration */
export const COMETCHAT_FIELDS = [
  'title',
  'body',
  'sender',
  'senderName',
  'senderAvatar',
  'receiver',
  'receiverName',
  'receiverAvatar',
  'receiverType',
  'tag',
  'conversationId',
  'type',
  'callAction',
  'sessionId',
  'callType',
  'sentAt',
  'unreadMessageCount',
  'parentId',
  'message',
  'custom',
] as const;

/**
 * Keys that FCM keeps for itself: it refuses a message whose data uses one.
 * https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages
 */
export const FCM_RESERVED = /^(from|message_type|collapse_key)$|^(google|gcm)/i;
