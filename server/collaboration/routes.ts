import { z } from 'zod';
import { wholeOf } from '#db/connect.js';
import type { App } from '../appType.js';
import type { AppDeps } from '../deps.js';
import { checkDepartment } from '../api/departments/find.js';
import { id } from '../api/common.js';
import { isAllowed, sessionOf } from '../plugins/authenticate.js';
import { watchStanding } from '../realtime/standing.js';
import { enter } from './connection.js';

/** The draft of a department in the y-websocket protocol. Who may not see the department is refused before the connection is one. */
export async function collaborationRoutes(app: App, deps: AppDeps): Promise<void> {
  const { db, drafts } = deps;
  app.get(
    '/collaboration/:departmentId',
    {
      websocket: true,
      config: { access: { permission: 'departments:read' } },
      schema: {
        params: z.strictObject({ departmentId: id }),
        querystring: z.strictObject({ token: z.string().optional(), acknowledge: z.literal('1').optional() }),
      },
      // The draft is loaded before the door opens: if it cannot be, nobody gets an empty one.
      async preHandler({ session, params }) {
        const { departmentId } = params as { departmentId: string };
        await db.withOrganization(session ?? wholeOf(''), (trx) => checkDepartment(trx, departmentId));
        await drafts.open(departmentId);
      },
    },
    (socket, request) => {
      const session = sessionOf(request);
      const { departmentId } = request.params;
      const room = drafts.get(departmentId);
      if (!room || room.isClosed) return socket.close(1013, 'try again');
      const permission = isAllowed(session, 'departments:write') ? 'departments:write' : 'departments:read';
      const connection = enter(socket, room, {
        user: { id: session.userId, name: session.name },
        mayEdit: permission === 'departments:write',
        acknowledge: request.query.acknowledge === '1',
      });
      const stop = watchStanding({ session, authorization: request.headers.authorization, permission }, deps, () =>
        connection.close('sessionOver'),
      );
      socket.on('close', stop);
    },
  );
}
