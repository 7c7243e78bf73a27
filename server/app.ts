import { randomUUID } from 'node:crypto';
import websocket from '@fastify/websocket';
import Fastify, { LogController, type FastifyBaseLogger } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { recoveryRoutes } from './api/account/recoveryRoutes.js';
import { accountRoutes } from './api/account/routes.js';
import { agentsRoutes } from './api/agents/routes.js';
import { proposalsRoutes } from './api/proposals/routes.js';
import { analyticsRoutes } from './api/analytics/routes.js';
import { auditRoutes } from './api/audit/routes.js';
import { jwksRoute } from './api/auth/jwks.js';
import { apiKeysRoutes } from './api/apiKeys/routes.js';
import { authRoutes } from './api/auth/routes.js';
import { connectionsRoutes } from './api/connections/routes.js';
import { commentsRoutes } from './api/comments/routes.js';
import { conversationsRoutes } from './api/conversations/routes.js';
import { departmentsRoutes } from './api/departments/routes.js';
import { factorLoginRoutes } from './api/factors/loginRoutes.js';
import { factorRoutes } from './api/factors/routes.js';
import { hooksRoutes } from './api/hooks/routes.js';
import { integrationsRoutes } from './api/integrations/routes.js';
import { knowledgeRoutes } from './api/knowledge/routes.js';
import { membersRoutes } from './api/members/routes.js';
import { mediaRoutes } from './api/media/routes.js';
import { modelsRoutes } from './api/models/routes.js';
import { nodeTypesRoutes } from './api/nodeTypes/routes.js';
import { organizationsRoutes } from './api/organizations/routes.js';
import { outboxRoutes } from './api/outbox/routes.js';
import { runsRoutes } from './api/runs/routes.js';
import { simulatorRoutes } from './api/simulator/routes.js';
import { templatesRoutes } from './api/templates/routes.js';
import type { App } from './appType.js';
import type { AppDeps } from './deps.js';
import { collaborationRoutes } from './collaboration/routes.js';
import { healthRoutes } from './health.js';
import { LateChildLog } from './lateChildLog.js';
import { requireDeclaredAccess } from './plugins/access.js';
import { authenticate } from './plugins/authenticate.js';
import { answerUnreadable, handleErrors, sendFrameworkError } from './plugins/errorHandler.js';
import { hearOut } from './plugins/hearOut.js';
import { answerBeforeLeaving } from './plugins/leaving.js';
import { rememberWrites } from './plugins/idempotency.js';
import { acceptOnlyJson } from './plugins/jsonOnly.js';
import { describeApi, serveApiDescription } from './plugins/openapi.js';
import { checkOrigin } from './plugins/origin.js';
import { limitRates } from './plugins/rateLimit.js';
import { announceRequestId } from './plugins/requestId.js';
import { logResponses } from './plugins/requestLog.js';
import { listRoutes } from './plugins/routeList.js';
import { keepAnswersPrivate, sendSecurityHeaders } from './plugins/security.js';
import { validatorCompiler } from './plugins/validation.js';
import { sortUpgrades } from './plugins/upgrades.js';
import { serveWebApp } from './plugins/webApp.js';
import { realtimeRoutes } from './realtime/routes.js';
import { registerWebhooks } from './webhooks/register.js';

/** 1 MB; routes that take a definition allow more. */
const BODY_LIMIT = 1_000_000;

/** Of a WebSocket: everything that somebody did to a large draft without a network, in one message. */
const LARGEST_MESSAGE = 4_000_000;

/** Puts the whole server together. It listens to nothing yet. */
export async function buildApp(deps: AppDeps): Promise<App> {
  const app = Fastify({
    loggerInstance: deps.log as FastifyBaseLogger,
    childLoggerFactory: (log, bindings) => new LateChildLog(log, bindings),
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    bodyLimit: BODY_LIMIT,
    trustProxy: deps.trustProxy ?? false,
    forceCloseConnections: true,
    return503OnClosing: false,
    // As much as a whole address may be: what is too long for an id is no id, and as absent as one.
    routerOptions: { maxParamLength: 16_384 },
    frameworkErrors: (error, request, reply) => sendFrameworkError(error, request, reply),
    clientErrorHandler: answerUnreadable,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);

  listRoutes(app);
  handleErrors(app);
  requireDeclaredAccess(app);
  announceRequestId(app);
  logResponses(app);
  hearOut(app);
  answerBeforeLeaving(app);
  await sendSecurityHeaders(app, deps.publicUrl);
  await app.register(websocket, { options: { maxPayload: LARGEST_MESSAGE, server: sortUpgrades(app) } });
  await describeApi(app);

  await app.register(healthRoutes, deps);
  await app.register(jwksRoute, deps);
  // Raw bodies, signatures instead of tokens, no limits: what is refused here would only come again.
  await app.register(async (scope) => registerWebhooks(scope, deps), { prefix: '/api/v1' });
  await app.register(async (scope) => registerApi(scope.withTypeProvider<ZodTypeProvider>(), deps), {
    prefix: '/api/v1',
  });
  await serveApiDescription(app);
  await serveWebApp(app, deps.webAppDirectory);
  await app.ready();
  return app;
}

async function registerApi(api: App, deps: AppDeps): Promise<void> {
  keepAnswersPrivate(api);
  checkOrigin(api, deps.publicUrl);
  authenticate(api, deps);
  limitRates(api, { perMinute: deps.rateLimit, redis: deps.redis });
  acceptOnlyJson(api);
  rememberWrites(api, deps);

  await authRoutes(api, deps);
  await accountRoutes(api, deps);
  await recoveryRoutes(api, deps);
  await factorLoginRoutes(api, deps);
  await factorRoutes(api, deps);
  await organizationsRoutes(api, deps);
  await membersRoutes(api, deps);
  await apiKeysRoutes(api, deps);
  await auditRoutes(api, deps);
  await nodeTypesRoutes(api, deps);
  await modelsRoutes(api, deps);
  await mediaRoutes(api, deps);
  await templatesRoutes(api, deps);
  await departmentsRoutes(api, deps);
  await commentsRoutes(api, deps);
  await hooksRoutes(api, deps);
  await runsRoutes(api, deps);
  await agentsRoutes(api, deps);
  await proposalsRoutes(api, deps);
  await knowledgeRoutes(api, deps);
  await integrationsRoutes(api, deps);
  await connectionsRoutes(api, deps);
  await conversationsRoutes(api, deps);
  await simulatorRoutes(api, deps);
  await analyticsRoutes(api, deps);
  await outboxRoutes(api, deps);
  await realtimeRoutes(api, deps);
  await collaborationRoutes(api, deps);
}
