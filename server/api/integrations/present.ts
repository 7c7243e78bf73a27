import type { Channel } from '#db/models/channel.js';
import type { ChannelView } from './schemas.js';

/** Never the credentials: they are sealed and stay so. */
export const presentChannel = (channel: Channel): ChannelView => ({
  id: channel.id,
  kind: channel.kind,
  departmentId: channel.departmentId,
  name: channel.name,
  ...(channel.kind === 'whatsapp' && { phoneNumberId: channel.externalId }),
  createdAt: channel.createdAt.toISOString(),
});
