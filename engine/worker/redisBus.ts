import { openRedis } from '#db/redis.js';
import type { EventBus, LiveEvent } from '#engine/graph/events.js';
import { channelOf, createHeard, createHub } from './bus.js';
import { coalesce } from './coalesce.js';
import { createHearing, GAP, HEARING_CHANNEL } from './hearing.js';

/** Events that come within this time travel together: below what an eye tells apart, and one write to a socket instead of a dozen. */
const TOGETHER_MS = 10;
/** After what could not be told, that there was something is told again so much later. */
const AGAIN_MS = 1_000;
/** What Redis has not taken within this time is lost. */
const COMMAND_MS = 5_000;

/**
 * The bus of many processes, over Redis pub/sub. While Redis is away events are dropped, never queued: whoever listens is told that there was a gap, by the
 * process that could not hear when it hears again, and by the one that could not speak. What nobody in any process listens to is not sent.
 */
export function createRedisBus(redisUrl: string, onError: (error: Error) => void = () => {}): EventBus {
  const publisher = openRedis(redisUrl, onError, {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    commandTimeout: COMMAND_MS,
  });
  // ioredis subscribes again by itself when it has reconnected.
  const subscriber = openRedis(redisUrl, onError, { maxRetriesPerRequest: null });
  const hub = createHub();
  const heard = createHeard();
  /** What this process listens to: for how many, and from when on what is said arrives. */
  const counts = new Map<string, { count: number; readonly listening: Promise<void> }>();
  const hearing = createHearing({
    ours: () => counts.keys(),
    say: (text) => {
      if (publisher.status === 'ready') publisher.publish(HEARING_CHANNEL, text).catch(onError);
    },
    onHeard: heard.tell,
    onUnsaid: (organizationId) => send(organizationId, { type: 'gap' }),
    onGap: () => hub.tellAll({ type: 'gap' }),
  });
  subscriber.subscribe(HEARING_CHANNEL).catch(onError);
  // Whichever of the two comes (back) last finds the other there; asking twice does no harm.
  for (const client of [publisher, subscriber]) client.on('ready', () => hearing.begin());
  // Answered after the channels have been asked for again: of what follows what a browser reads from then on it is told.
  subscriber.on('ready', () => {
    subscriber.subscribe(HEARING_CHANNEL).then(() => hub.tellAll({ type: 'gap' }), onError);
  });
  publisher.on('ready', () => leave());
  subscriber.on('message', (channel: string, text: string) => {
    if (channel === HEARING_CHANNEL) return hearing.hear(text);
    const organizationId = channel.slice('events:'.length);
    for (const event of JSON.parse(text) as LiveEvent[]) hub.deliver(organizationId, event);
  });

  const leaving = new Map<string, LiveEvent[]>();
  /** Something was not told. */
  let missed = false;
  let closed = false;
  let timer: NodeJS.Timeout | null = null;
  const leave = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    if (publisher.status !== 'ready') {
      missed ||= leaving.size > 0;
      leaving.clear();
      return;
    }
    const together = publisher.pipeline();
    if (missed) together.publish(HEARING_CHANNEL, GAP);
    for (const [organizationId, events] of leaving) together.publish(channelOf(organizationId), JSON.stringify(events));
    leaving.clear();
    if (together.length === 0) return;
    missed = false;
    together.exec().then((results) => {
      const failed = results?.find(([error]) => error)?.[0];
      if (failed) lost(failed);
    }, lost);
  };
  const lost = (error: Error): void => {
    onError(error);
    missed = true;
    if (!closed) timer ??= setTimeout(leave, AGAIN_MS).unref();
  };
  const send = (organizationId: string, event: LiveEvent): void => {
    const waiting = leaving.get(organizationId);
    if (waiting) waiting.push(event);
    else leaving.set(organizationId, [event]);
    timer ??= setTimeout(leave, TOGETHER_MS);
  };
  const out = coalesce(send);
  return {
    publish(organizationId, event) {
      missed ||= publisher.status !== 'ready';
      if (hearing.isHeard(organizationId)) out.publish(organizationId, event);
    },
    subscribe(organizationId, listener, onListening) {
      const channel = channelOf(organizationId);
      const stop = hub.subscribe(organizationId, listener);
      const ours = counts.get(organizationId) ?? {
        count: 0,
        // Said once the channel is ours: what is sent from then on arrives.
        listening: subscriber.subscribe(channel).then(() => hearing.listen(organizationId)),
      };
      ours.count += 1;
      counts.set(organizationId, ours);
      ours.listening.then(onListening, onError);
      let stopped = false;
      return () => {
        if (stopped) return;
        stopped = true;
        stop();
        ours.count -= 1;
        if (ours.count > 0) return;
        counts.delete(organizationId);
        subscriber.unsubscribe(channel).catch(onError);
      };
    },
    isHeard: hearing.isHeard,
    onHeard: heard.onHeard,
    async close() {
      out.flush();
      leave();
      closed = true;
      hearing.close();
      await publisher.quit().catch(() => {});
      publisher.disconnect();
      subscriber.disconnect();
      hub.clear();
    },
  };
}
