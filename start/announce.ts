import type { Config } from '#server/config.js';
import type { Platform } from './platform.js';

/** Says that it is ready, where, and what it runs on. */
export function announce(
  { address, healthAddress, operatorKey }: Pick<Platform, 'address' | 'healthAddress' | 'operatorKey'>,
  config: Config,
): void {
  const lines = [
    address ? `Ready: ${config.publicUrl ?? address}` : 'Ready: a worker, waiting for work.',
    config.mode === 'embedded'
      ? `  data     ${config.dataDir}`
      : `  stores   PostgreSQL${config.redisUrl ? ' and Redis' : ''}`,
    ...(healthAddress ? [`  health   ${healthAddress}/readyz`] : []),
    `  models   ${config.openai ? 'OpenAI' : 'sandbox: set OPENAI_API_KEY for real answers'}`,
    ...(address
      ? [
          `  mail     ${operatorKey ? `${config.publicUrl ?? address}/outbox#key=${operatorKey}` : 'SendGrid'}`,
          `  WhatsApp ${config.meta.appSecret ? `${config.publicUrl ?? address}/api/v1/webhooks/whatsapp` : 'set META_APP_SECRET and META_VERIFY_TOKEN to connect a number'}`,
        ]
      : []),
  ];
  console.log(lines.join('\n'));
}
