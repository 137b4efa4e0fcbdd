//! OTLP over gRPC, on a port of its own where it is switched on: the same exports as over HTTP, from the
//! same senders, in the same turns.
//!
//! What can be sent again is `UNAVAILABLE`, which every exporter tries again; what never can be taken is
//! `INVALID_ARGUMENT`, which none does.

use std::any::Any;
use std::future::Future;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::post;
use bytes::{Buf, BufMut};
use futures_util::StreamExt;
use tokio::net::TcpListener;
use tonic::codec::{Codec, CompressionEncoding, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::server::Grpc;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Code, Status};
use tower::service_fn;
use tower_http::catch_panic::CatchPanicLayer;

use crate::auth::{Caller, role};
use crate::http::otlp::{self, NotTaken};
use crate::http::{AppState, INGEST_BODY_LIMIT_BYTES, REQUEST_TIMEOUT, guard};
use crate::otlp::{Encoding, Signal, answer};

/// So many exports of one connection may be under way.
const STREAMS: u32 = 16;
/// How many bytes of each may come before it is read. All fit into their connection, so that one that waits
/// for its turn keeps nothing from one that has it.
const WINDOW_BYTES: u32 = 256 << 10;
/// How often a silent connection is asked whether it lives.
const KEEPALIVE: Duration = Duration::from_secs(60);
/// How long to wait after a connection that could not be taken.
const BREATH: Duration = Duration::from_secs(1);

/// Takes exports until `shutdown`.
pub async fn serve(
    listener: TcpListener,
    state: AppState,
    shutdown: impl Future<Output = ()>,
) -> Result<(), tonic::transport::Error> {
    let incoming = TcpIncoming::from(listener).then(async |accepted| {
        if let Err(error) = &accepted {
            tracing::warn!(%error, "a connection could not be taken over gRPC");
            tokio::time::sleep(BREATH).await;
        }
        accepted
    });
    Server::builder()
        .timeout(REQUEST_TIMEOUT)
        .max_concurrent_streams(STREAMS)
        .initial_stream_window_size(WINDOW_BYTES)
        .initial_connection_window_size(STREAMS * WINDOW_BYTES)
        .http2_keepalive_interval(Some(KEEPALIVE))
        .serve_with_incoming_shutdown(router(state), Box::pin(incoming), shutdown)
        .await
}

fn router(state: AppState) -> Router {
    Router::new()
        .route(&method("trace.v1.TraceService"), post(take_traces))
        .route(&method("logs.v1.LogsService"), post(take_logs))
        .route(&method("metrics.v1.MetricsService"), post(drop_metrics))
        .fallback(async || Status::unimplemented("OTLP's three exports alone").into_http::<Body>())
        .layer(CatchPanicLayer::custom(panicked))
        .with_state(state)
}

/// An export that breaks the server would break it again.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("an export over gRPC broke off by a fault of ours; nothing of it was kept");
    Status::internal("a fault of the server; nothing of this was kept").into_http()
}

fn method(service: &str) -> String {
    format!("/opentelemetry.proto.collector.{service}/Export")
}

async fn take_traces(State(state): State<AppState>, request: Request) -> Response {
    taken(state, request, Some(Signal::Traces)).await
}

async fn take_logs(State(state): State<AppState>, request: Request) -> Response {
    taken(state, request, Some(Signal::Logs)).await
}

/// Answers and keeps nothing, so that exporters stay quiet.
async fn drop_metrics(State(state): State<AppState>, request: Request) -> Response {
    taken(state, request, None).await
}

/// Waits for a turn, and reads no message before.
async fn taken(state: AppState, request: Request, signal: Option<Signal>) -> Response {
    let path = signal.map_or("/v1/metrics", Signal::path);
    if let Err(status) = admit(&state, request.headers(), path).await {
        return status.into_http();
    }
    let Some(_turn) = state.turns.next(None).await else {
        return Status::unavailable(otlp::BUSY).into_http();
    };
    answered(state, request, signal).await
}

/// Whoever may send the same over HTTP, by token.
async fn admit(state: &AppState, headers: &HeaderMap, path: &str) -> Result<(), Status> {
    let caller = guard::identify(state, headers).await;
    let caller = caller.map_err(|error| {
        tracing::error!(%error, "who sends over gRPC could not be looked up");
        Status::unavailable(otlp::FAILED)
    })?;
    let may = role::who_may("POST", path).is_some_and(|who| who.may(&caller));
    match caller {
        Caller::Token { .. } if may => Ok(()),
        Caller::Token { .. } => Err(Status::permission_denied(
            "this token may not send; one of scope ingest may",
        )),
        _ => Err(Status::unauthenticated(
            "send a token of scope ingest as the metadata authorization: Bearer TOKEN",
        )),
    }
}

async fn answered(state: AppState, request: Request, signal: Option<Signal>) -> Response {
    let call = service_fn(move |request: tonic::Request<Bytes>| {
        let state = state.clone();
        async move { exported(&state, request.into_inner(), signal).await }
    });
    let mut grpc = Grpc::new(AsItIs)
        .accept_compressed(CompressionEncoding::Gzip)
        .max_decoding_message_size(INGEST_BODY_LIMIT_BYTES);
    let response = grpc.unary(call, request).await;
    // Exporters try these again, and a message that is too large stays so.
    match Status::from_header_map(response.headers()).map(|status| status.code()) {
        Some(Code::OutOfRange | Code::ResourceExhausted) => {
            let most = INGEST_BODY_LIMIT_BYTES;
            let large = format!(
                "the message has more than {most} bytes; nothing of it was kept, send smaller batches"
            );
            Status::invalid_argument(large).into_http()
        }
        _ => response.map(Body::new),
    }
}

/// Keeps a message, if it is of a signal that is kept.
async fn exported(
    state: &AppState,
    message: Bytes,
    signal: Option<Signal>,
) -> Result<tonic::Response<Bytes>, Status> {
    let Some(signal) = signal else {
        return Ok(tonic::Response::new(Bytes::new()));
    };
    let kept = otlp::keep(state, signal, (Encoding::Protobuf, message)).await;
    let told = answer(&kept.map_err(status)?, signal, Encoding::Protobuf);
    Ok(tonic::Response::new(told.into()))
}

fn status(error: NotTaken) -> Status {
    match error {
        NotTaken::Unreadable(error) => Status::invalid_argument(error.to_string()),
        NotTaken::NotKept => Status::unavailable(otlp::FAILED),
    }
}

/// A message as its bytes: they are read where those are that come over HTTP.
#[derive(Clone, Copy)]
struct AsItIs;

impl Codec for AsItIs {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = AsItIs;
    type Decoder = AsItIs;

    fn encoder(&mut self) -> AsItIs {
        AsItIs
    }

    fn decoder(&mut self) -> AsItIs {
        AsItIs
    }
}

impl Encoder for AsItIs {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, message: Bytes, out: &mut EncodeBuf<'_>) -> Result<(), Status> {
        out.put(message);
        Ok(())
    }
}

impl Decoder for AsItIs {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, message: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(message.copy_to_bytes(message.remaining())))
    }
}
