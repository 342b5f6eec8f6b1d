// Reads devices, whose table belongs to `recipients`, for the current address of a delivery `d` of a notification `n`.

/** A row of `device` as the `PushAddress` of a delivery. */
export const addressOf = (device: string): string => `jsonb_strip_nulls(jsonb_build_object(
    'transport', ${device}.transport, 'token', ${device}.token, 'platform', ${device}.platform,
    'environment', ${device}.environment, 'keys', ${device}.web_push_keys))`;

/** The `kind` of a delivery to a device, given the sandbox accounts as in `ClaimSettings`. */
export const kindOf = (device: string, sandboxes: string): string =>
  `CASE WHEN ${device}.app_id || ' ' || ${device}.provider_id = ANY(${sandboxes}::text[]) THEN 'sandbox'
        ELSE ${device}.transport END`;

/**
 * The device that a push was planned for, while it is in use and belongs to the recipient; otherwise the current device
 * of the same kind in its session. A token that another user has registered since is another device.
 */
export const CURRENT_DEVICE = `
  SELECT v.* FROM device v
  WHERE v.app_id = n.app_id AND v.uid = n.uid AND v.retired_at IS NULL
    AND (v.id = d.device_id OR (v.session_id = d.session_id AND v.transport = d.address->>'transport'))
  ORDER BY v.id = d.device_id DESC LIMIT 1`;
