"""Runs an agent that does nothing, seen through unchanged SDKs: OpenTelemetry's and OpenInference's.

Sends to OTEL_EXPORTER_OTLP_ENDPOINT; packed if OTEL_EXPORTER_OTLP_COMPRESSION says so, over gRPC if
OTEL_EXPORTER_OTLP_PROTOCOL does. Prints the trace ids, one a line: the GenAI conventions' run, then OpenInference's.

pip install opentelemetry-sdk opentelemetry-exporter-otlp-proto-http opentelemetry-exporter-otlp-proto-grpc \
    openinference-instrumentation
"""

import json
import os
import time

from openinference.instrumentation import OITracer, TraceConfig, using_attributes
from opentelemetry import trace
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode

if os.environ.get("OTEL_EXPORTER_OTLP_PROTOCOL") == "grpc":
    from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
else:
    from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

RESOURCE = Resource.create(
    {
        "service.name": "support-agents",
        "vcs.repository.url.full": "https://example.com/shop",
        "onehop.workflow": "answers",
    }
)


def genai(tracer):
    """A run by the GenAI conventions: an agent, two calls of a model, two tools, one of which fails."""
    with tracer.start_as_current_span("invoke_agent support", kind=SpanKind.INTERNAL) as run:
        run.set_attributes(
            {
                "gen_ai.operation.name": "invoke_agent",
                "gen_ai.provider.name": "anthropic",
                "gen_ai.agent.id": "support",
                "gen_ai.agent.name": "Support",
                "gen_ai.conversation.id": "conv-1",
                "gen_ai.usage.input_tokens": 3000,
                "gen_ai.usage.output_tokens": 300,
                "gen_ai.input.messages": json.dumps([{"role": "user", "parts": [{"type": "text", "content": "Where is my order?"}]}]),
                "gen_ai.output.messages": json.dumps([{"role": "assistant", "parts": [{"type": "text", "content": "On its way."}]}]),
                "vcs.change.id": "1500",
            }
        )
        for turn in range(2):
            with tracer.start_as_current_span("chat claude-sonnet-4-5", kind=SpanKind.CLIENT) as chat:
                chat.set_attributes(
                    {
                        "gen_ai.operation.name": "chat",
                        "gen_ai.provider.name": "anthropic",
                        "gen_ai.request.model": "claude-sonnet-4-5",
                        "gen_ai.response.model": "claude-sonnet-4-5-20250929",
                        "gen_ai.usage.input_tokens": 1500,
                        "gen_ai.usage.cache_read.input_tokens": 1000,
                        "gen_ai.usage.cache_creation.input_tokens": 200,
                        "gen_ai.usage.output_tokens": 150,
                        "gen_ai.response.finish_reasons": ["tool_use"],
                    }
                )
            with tracer.start_as_current_span("execute_tool find_order") as tool:
                tool.set_attributes(
                    {
                        "gen_ai.operation.name": "execute_tool",
                        "gen_ai.tool.name": "find_order",
                        "gen_ai.tool.call.id": f"call_{turn}",
                        "gen_ai.tool.call.arguments": json.dumps({"order": turn}),
                        "onehop.effect": "none",
                    }
                )
                if turn == 0:
                    tool.record_exception(LookupError("no such order"))
                    tool.set_attribute("error.type", "LookupError")
                    tool.set_status(Status(StatusCode.ERROR))
                else:
                    tool.set_attribute("gen_ai.tool.call.result", json.dumps({"state": "sent"}))
        run.add_event(
            "gen_ai.evaluation.result",
            {
                "gen_ai.evaluation.name": "groundedness",
                "gen_ai.evaluation.score.value": 0.9,
                "gen_ai.evaluation.score.label": "pass",
            },
        )
        return format(run.get_span_context().trace_id, "032x")


def openinference(provider):
    """The same, by OpenInference's own tracer."""
    tracer = OITracer(provider.get_tracer("agent"), config=TraceConfig())
    with using_attributes(session_id="session-2", metadata={"pr_number": 1501, "ticket": "SUP-7"}):
        with tracer.start_as_current_span("answer", openinference_span_kind="agent") as run:
            run.set_input("Where is my order?")
            run.set_attribute("agent.name", "support")
            with tracer.start_as_current_span("ChatCompletion", openinference_span_kind="llm") as llm:
                llm.set_attributes(
                    {
                        "llm.model_name": "gpt-4.1",
                        "llm.provider": "openai",
                        "llm.token_count.prompt": 800,
                        "llm.token_count.completion": 40,
                        "llm.token_count.total": 840,
                        "llm.token_count.prompt_details.cache_read": 512,
                        "llm.cost.total": 0.00142,
                        "llm.input_messages.0.message.role": "user",
                        "llm.input_messages.0.message.content": "Where is my order?",
                    }
                )
                llm.set_status(StatusCode.OK)

            @tracer.tool
            def find_order(order: int) -> str:
                """Finds an order."""
                return f"order {order} is on its way"

            find_order(7)
            run.set_attributes(
                {
                    "annotations.0.annotation.name": "helpful",
                    "annotations.0.annotation.score": 1.0,
                    "annotations.0.annotation.annotator_kind": "CODE",
                }
            )
            run.set_output("On its way.")
            run.set_status(StatusCode.OK)
            return format(run.get_span_context().trace_id, "032x")


def claude_code(provider):
    """Log events as Claude Code sends them: short names, numbers as text."""
    logger = provider.get_logger("com.anthropic.claude_code.events")
    common = {"session.id": "5f2b1c9e-session", "user.id": "u", "terminal.type": "xterm"}
    events = [
        ("user_prompt", {"prompt_length": "120", "prompt": "<REDACTED>"}),
        (
            "api_request",
            {
                "model": "claude-sonnet-4-5",
                "input_tokens": "12",
                "output_tokens": "340",
                "cache_read_tokens": "15000",
                "cache_creation_tokens": "2000",
                "cost_usd": "0.0171",
                "duration_ms": "5120",
            },
        ),
        ("tool_decision", {"tool_name": "Bash", "tool_use_id": "toolu_1", "decision": "accept", "source": "user_temporary"}),
        ("tool_result", {"tool_name": "Bash", "tool_use_id": "toolu_1", "success": "true", "duration_ms": "88", "tool_parameters": json.dumps({"bash_command": "ls"}), "tool_result_size_bytes": "512"}),
        ("tool_decision", {"tool_name": "Write", "tool_use_id": "toolu_2", "decision": "reject", "source": "hook"}),
    ]
    for sequence, (name, attributes) in enumerate(events):
        now = time.time_ns()
        logger.emit(
            LogRecord(
                timestamp=now,
                observed_timestamp=now,
                severity_number=SeverityNumber.INFO,
                body=f"claude_code.{name}",
                attributes={**common, "event.name": name, "event.sequence": sequence, **attributes},
            )
        )


def main():
    traces = TracerProvider(resource=RESOURCE)
    traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(traces)
    logs = LoggerProvider(resource=Resource.create({"service.name": "claude-code"}))
    logs.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
    print(genai(traces.get_tracer("support")))
    print(openinference(traces))
    claude_code(logs)
    traces.shutdown()
    logs.shutdown()


if __name__ == "__main__":
    main()
