import { z } from 'zod';
import type { App } from '../../appType.js';
import type { AppDeps } from '../../deps.js';
import { sessionOf } from '../../plugins/authenticate.js';
import { errors } from '../errorResponses.js';
import { contentTypes, exportAudit } from './export.js';
import { auditPage, auditQuery, exportQuery } from './schemas.js';
import { listAudit } from './service.js';

const tags = ['audit'];

export async function auditRoutes(app: App, deps: AppDeps): Promise<void> {
  app.get(
    '/audit',
    {
      config: { access: { permission: 'audit:read' } },
      schema: {
        tags,
        summary: 'Who did what, the latest first',
        description: 'Nobody can change or remove an entry; all of them go with their organization.',
        querystring: auditQuery,
        response: { 200: auditPage, ...errors },
      },
    },
    (request) => listAudit(deps, sessionOf(request), request.query),
  );
  app.get(
    '/audit/export',
    {
      config: { access: { permission: 'audit:export' }, cost: 'expensive' },
      // Asking only for the headers would be an export on record that nobody got.
      exposeHeadRoute: false,
      schema: {
        tags,
        summary: 'The audit log as a file',
        description: 'Sent while it is read. The export is an entry itself.',
        querystring: exportQuery,
        response: {
          200: {
            description: 'The file',
            content: {
              'text/csv': { schema: z.string() },
              'application/x-ndjson': { schema: z.string() },
            },
          },
          ...errors,
        },
      },
    },
    async (request, reply) => {
      const { format } = request.query;
      const file = await exportAudit(deps, sessionOf(request), request.query);
      return reply
        .type(contentTypes[format])
        .header(
          'content-disposition',
          `attachment; filename="audit-${new Date().toISOString().slice(0, 10)}.${format}"`,
        )
        .send(file as never);
    },
  );
}
