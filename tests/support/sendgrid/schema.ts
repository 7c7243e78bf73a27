import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { contract, hasContracts } from '#tests/support/contracts.js';

/** What SendGrid's published schema (tsg_mail_v3) holds against a body of `POST /v3/mail/send`, in words; `null` without the contracts. */
export function mailSchema(): ((body: unknown) => string[]) | null {
  if (!hasContracts) return null;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  (formats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addSchema(contract('sendgrid/tsg_mail_v3.json') as object, 'sendgrid');
  const validate = ajv.compile({
    $ref: 'sendgrid#/components/requestBodies/PostMailSend/content/application~1json/schema',
  });
  return (body) =>
    validate(body)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
}
