import { request } from 'undici';
import { MailRefused, type Deliver } from './delivery.js';

export interface SendGridSettings {
  readonly apiKey: string;
  /** The address that mails come from, verified at SendGrid. */
  readonly from: string;
  /** `https://api.sendgrid.com` */
  readonly baseUrl: string;
}

const TIMEOUT_MS = 15_000;

/** SendGrid's `POST /v3/mail/send`: 202 when it has taken the mail; 429 and 5xx may be tried again, other refusals may not. */
export const sendWithSendGrid =
  ({ apiKey, from, baseUrl }: SendGridSettings): Deliver =>
  async (mail) => {
    const { statusCode, body } = await request(`${baseUrl}/v3/mail/send`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        personalizations: [{ to: [{ email: mail.recipient }], custom_args: { email_id: mail.id } }],
        from: { email: from, name: 'AI Departments' },
        subject: mail.subject,
        content: [
          { type: 'text/plain', value: mail.body },
          { type: 'text/html', value: mail.html },
        ],
        tracking_settings: { click_tracking: { enable: false }, open_tracking: { enable: false } },
      }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    // Never repeated in a log: it may hold what was sent.
    await body.dump();
    if (statusCode === 202 || statusCode === 200) return;
    const message = `SendGrid answered ${statusCode}`;
    if (statusCode === 429 || statusCode >= 500) throw new Error(message);
    throw new MailRefused(message);
  };
