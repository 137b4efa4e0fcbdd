//! OTLP over gRPC, on a port of its own where it is switched on: the same exports as over HTTP, from the
//! same senders, in the same turns.
//!
//! What can be sent again is `UNAVAILABLE`, which every exporter tries again.

use std::future::Future;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::post;
use bytes::{Buf, BufMut};
use tokio::net::TcpListener;
use tonic::Status;
use tonic::codec::{Codec, CompressionEncoding, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::server::Grpc;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tower::service_fn;

use crate::auth::{Caller, role};
use crate::http::otlp::{self, NotTaken};
use crate::http::{AppState, INGEST_BODY_LIMIT_BYTES, REQUEST_TIMEOUT, guard};
use crate::otlp::{Encoding, Signal, answer};

/// So many exports of one connection may be under way.
const STREAMS: u32 = 16;

/// Takes exports until `shutdown`.
pub async fn serve(
    listener: TcpListener,
    state: AppState,
    shutdown: impl Future<Output = ()>,
) -> Result<(), tonic::transport::Error> {
    Server::builder()
        .timeout(REQUEST_TIMEOUT)
        .max_concurrent_streams(STREAMS)
        .serve_with_incoming_shutdown(router(state), TcpIncoming::from(listener), shutdown)
        .await
}

fn router(state: AppState) -> Router {
    Router::new()
        .route(&method("trace.v1.TraceService"), post(take_traces))
        .route(&method("logs.v1.LogsService"), post(take_logs))
        .route(&method("metrics.v1.MetricsService"), post(drop_metrics))
        .fallback(async || Status::unimplemented("OTLP's three exports alone").into_http::<Body>())
        .with_state(state)
}

fn method(service: &str) -> String {
    format!("/opentelemetry.proto.collector.{service}/Export")
}

async fn take_traces(State(state): State<AppState>, request: Request) -> Response {
    taken(state, request, Signal::Traces).await
}

async fn take_logs(State(state): State<AppState>, request: Request) -> Response {
    taken(state, request, Signal::Logs).await
}

/// Answers and keeps nothing, so that exporters stay quiet.
async fn drop_metrics(State(state): State<AppState>, request: Request) -> Response {
    match admit(&state, request.headers(), "/v1/metrics").await {
        Ok(()) => answered(state, request, None).await,
        Err(status) => status.into_http(),
    }
}

/// Waits for a turn, and reads no message before.
async fn taken(state: AppState, request: Request, signal: Signal) -> Response {
    if let Err(status) = admit(&state, request.headers(), signal.path()).await {
        return status.into_http();
    }
    let Some(_turn) = state.turns.next().await else {
        return Status::unavailable(otlp::BUSY).into_http();
    };
    answered(state, request, Some(signal)).await
}

/// Whoever may send the same over HTTP, by token.
async fn admit(state: &AppState, headers: &HeaderMap, path: &str) -> Result<(), Status> {
    let caller = guard::identify(state, headers).await;
    let caller = caller.map_err(|_| Status::unavailable(otlp::FAILED))?;
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
        async move { exported(&state, &request.into_inner(), signal).await }
    });
    let mut grpc = Grpc::new(AsItIs)
        .accept_compressed(CompressionEncoding::Gzip)
        .max_decoding_message_size(INGEST_BODY_LIMIT_BYTES);
    grpc.unary(call, request).await.map(Body::new)
}

/// Keeps a message, if it is of a signal that is kept.
async fn exported(
    state: &AppState,
    message: &[u8],
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
