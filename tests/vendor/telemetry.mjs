// Runs an agent that does nothing, seen through unchanged OpenTelemetry packages for Node.
//
// Sends to OTEL_EXPORTER_OTLP_ENDPOINT, as JSON, or as protobuf with the argument `protobuf`.
// Prints the run's trace id.
//
// npm install @opentelemetry/sdk-node @opentelemetry/exporter-trace-otlp-http \
//   @opentelemetry/exporter-trace-otlp-proto @opentelemetry/exporter-logs-otlp-http

import { SpanStatusCode, context, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { OTLPLogExporter as JsonLogs } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufLogs } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPTraceExporter as JsonTraces } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufTraces } from '@opentelemetry/exporter-trace-otlp-proto';
import { NodeSDK, logs as sdkLogs, resources } from '@opentelemetry/sdk-node';

const isProtobuf = process.argv[2] === 'protobuf';
const sdk = new NodeSDK({
  resource: resources.resourceFromAttributes({ 'service.name': 'release-agents', 'deployment.id': 'd-9' }),
  traceExporter: isProtobuf ? new ProtobufTraces() : new JsonTraces(),
  logRecordProcessors: [
    new sdkLogs.BatchLogRecordProcessor({ exporter: isProtobuf ? new ProtobufLogs() : new JsonLogs() }),
  ],
  instrumentations: [],
});
sdk.start();

const tracer = trace.getTracer('release');
const within = (name, attributes, inside) =>
  tracer.startActiveSpan(name, { attributes }, (span) => {
    const given = inside?.(span);
    span.end();
    return given;
  });

const id = within(
  'invoke_agent release',
  {
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.name': 'release',
    'gen_ai.conversation.id': 'conv-3',
    'vcs.ref.head.revision': 'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3',
    'input.value': 'ship it ü',
    'output.value': 'shipped',
  },
  (run) => {
    within('chat gpt-4.1', {
      'gen_ai.operation.name': 'chat',
      'gen_ai.system': 'openai',
      'gen_ai.request.model': 'gpt-4.1',
      'gen_ai.usage.prompt_tokens': 200,
      'gen_ai.usage.completion_tokens': 20,
      'gen_ai.usage.cost': 0.00056,
    });
    within(
      'execute_tool deploy',
      {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'deploy',
        'gen_ai.tool.call.id': 'call_9',
        'gen_ai.tool.call.arguments': '{"to":"production"}',
        'onehop.effect': 'production',
        'onehop.resources': ['cluster/eu', 'service/shop'],
        'onehop.policy_decision': 'pd-1',
      },
      (tool) => tool.setStatus({ code: SpanStatusCode.ERROR, message: 'quota' }),
    );
    logs.getLogger('evaluations').emit({
      eventName: 'gen_ai.evaluation.result',
      context: context.active(),
      attributes: {
        'gen_ai.evaluation.name': 'safe',
        'gen_ai.evaluation.score.value': 0,
        'gen_ai.evaluation.score.label': 'fail',
      },
    });
    return run.spanContext().traceId;
  },
);

const codex = (name, attributes) =>
  logs.getLogger('codex_otel').emit({
    attributes: { 'event.name': `codex.${name}`, 'conversation.id': 'codex-1', model: 'gpt-5-codex', ...attributes },
  });
codex('conversation_starts', { provider_name: 'openai', approval_policy: 'on-request' });
codex('tool_decision', { tool_name: 'shell', call_id: 'call_a', decision: 'approvedforsession', source: 'user' });
codex('tool_result', {
  tool_name: 'shell',
  call_id: 'call_a',
  arguments: '{"command":["ls"]}',
  duration_ms: '12',
  success: 'false',
  output: 'exit 1',
});
codex('sse_event', {
  'event.kind': 'response.completed',
  input_token_count: '900',
  output_token_count: '30',
  cached_token_count: 640,
});
console.log(id);
await sdk.shutdown();
