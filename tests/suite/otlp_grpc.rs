//! OTLP over gRPC, as an exporter that is set to it sends it: the same rows as over HTTP, or why not.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use anyhow::{Context, Result};
use bytes::{Buf, BufMut, Bytes};
use server::auth::role::Scope;
use server::auth::token;
use server::store::{Db, trace_pieces};
use tests::command;
use tests::database::Database;
use tonic::client::Grpc;
use tonic::codec::{Codec, CompressionEncoding, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::transport::Channel;
use tonic::{Code, Request, Status};

const TRACES: &str = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
const LOGS: &str = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
const METRICS: &str = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

/// A message as its bytes.
#[derive(Clone, Copy)]
struct Plain;

impl Codec for Plain {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Plain;
    type Decoder = Plain;

    fn encoder(&mut self) -> Plain {
        Plain
    }

    fn decoder(&mut self) -> Plain {
        Plain
    }
}

impl Encoder for Plain {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, message: Bytes, out: &mut EncodeBuf<'_>) -> Result<(), Status> {
        out.put(message);
        Ok(())
    }
}

impl Decoder for Plain {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, message: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(message.copy_to_bytes(message.remaining())))
    }
}

/// A server that takes exports over gRPC too. It dies when dropped.
struct Serving {
    process: Child,
    db: Db,
    channel: Channel,
    _database: Database,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Serving {
    async fn start() -> Result<Serving> {
        let database = Database::sqlite();
        let db = database.open().await;
        let listen = [
            "--listen",
            "127.0.0.1:0",
            "--otlp-grpc-listen",
            "127.0.0.1:0",
        ];
        let mut process = command::onehop(&database.url, &[&["serve"], &listen[..]].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let said = BufReader::new(process.stdout.take().context("what it says")?);
        let mut lines = said.lines();
        lines.next().context("where it listens")??;
        let line = lines.next().context("where it takes exports")??;
        let address = line.rsplit(' ').next().context("an address")?.to_owned();
        let channel = Channel::from_shared(address)?.connect().await?;
        Ok(Serving {
            process,
            db,
            channel,
            _database: database,
        })
    }

    async fn token(&self, scope: Scope) -> Result<String> {
        let made = token::create(&self.db, &format!("{scope}"), scope, 1).await?;
        Ok(made.context("the name is in use")?.reveal().to_owned())
    }

    async fn export(
        &self,
        method: &'static str,
        (token, packed): (Option<&str>, bool),
        message: Vec<u8>,
    ) -> Result<Bytes, Status> {
        let mut grpc = Grpc::new(self.channel.clone());
        if packed {
            grpc = grpc.send_compressed(CompressionEncoding::Gzip);
        }
        let mut request = Request::new(Bytes::from(message));
        if let Some(token) = token {
            let shown = format!("Bearer {token}").parse().unwrap();
            request.metadata_mut().insert("authorization", shown);
        }
        grpc.ready().await.unwrap();
        let answer = grpc.unary(request, method.parse().unwrap(), Plain).await?;
        Ok(answer.into_inner())
    }

    async fn parts(&self) -> Result<i64> {
        Ok(trace_pieces::count(&mut self.db.read().await?).await?)
    }
}

/// A field of bytes.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let length = u8::try_from(bytes.len()).unwrap();
    assert!(length < 128);
    [&[number << 3 | 2, length], bytes].concat()
}

/// One span of this id, with an id of its trace of so many bytes.
fn span(id: u8, trace_bytes: usize) -> Vec<u8> {
    let mut span = field(1, &[7; 16][..trace_bytes]);
    span.extend(field(2, &[id; 8]));
    span.extend(field(5, b"work"));
    for (number, nanos) in [
        (7, 1_794_916_800_000_000_000_u64),
        (8, 1_794_916_801_000_000_000),
    ] {
        span.push(number << 3 | 1);
        span.extend(nanos.to_le_bytes());
    }
    span
}

fn export(spans: &[Vec<u8>]) -> Vec<u8> {
    let spans: Vec<u8> = spans.iter().flat_map(|span| field(2, span)).collect();
    field(1, &field(2, &spans))
}

#[tokio::test]
async fn an_export_over_grpc_is_kept_packed_or_not() -> Result<()> {
    let serving = Serving::start().await?;
    let token = serving.token(Scope::Ingest).await?;
    for (id, packed) in [(1, false), (2, true)] {
        let sent = export(&[span(id, 16)]);
        let told = serving.export(TRACES, (Some(&token), packed), sent).await?;
        assert!(told.is_empty());
    }
    assert_eq!(serving.parts().await?, 2);
    for method in [LOGS, METRICS] {
        let told = serving
            .export(method, (Some(&token), false), vec![])
            .await?;
        assert!(told.is_empty());
    }
    Ok(())
}

#[tokio::test]
async fn good_spans_over_grpc_are_kept_and_the_others_told() -> Result<()> {
    let serving = Serving::start().await?;
    let token = serving.token(Scope::Ingest).await?;
    let sent = export(&[span(1, 16), span(2, 3)]);
    let told = serving.export(TRACES, (Some(&token), false), sent).await?;
    // A partial success, and in it how many were rejected: one.
    assert_eq!((told[0], told[2], told[3]), (0x0a, 0x08, 1));
    assert_eq!(serving.parts().await?, 1);
    Ok(())
}

#[tokio::test]
async fn what_is_not_taken_over_grpc_is_told_and_nothing_of_it_is_kept() -> Result<()> {
    let serving = Serving::start().await?;
    let ingest = serving.token(Scope::Ingest).await?;
    let read = serving.token(Scope::Read).await?;
    let good = export(&[span(1, 16)]);
    let unknown = "/opentelemetry.proto.collector.profiles.v1.ProfilesService/Export";
    let large = vec![0; server::http::INGEST_BODY_LIMIT_BYTES + 1];
    for (method, token, message, code) in [
        (TRACES, None, good.clone(), Code::Unauthenticated),
        (TRACES, Some("wrong"), good.clone(), Code::Unauthenticated),
        (LOGS, Some(read.as_str()), vec![], Code::PermissionDenied),
        (METRICS, None, vec![], Code::Unauthenticated),
        (
            TRACES,
            Some(ingest.as_str()),
            vec![0x0a, 0xff],
            Code::InvalidArgument,
        ),
        (
            unknown,
            Some(ingest.as_str()),
            good.clone(),
            Code::Unimplemented,
        ),
    ] {
        let refused = serving.export(method, (token, false), message).await;
        assert_eq!(refused.unwrap_err().code(), code, "{method}");
    }
    // Packed it is small: what counts is what it unpacks to.
    for packed in [false, true] {
        let refused = serving.export(TRACES, (Some(&ingest), packed), large.clone());
        let status = refused.await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument);
        assert!(
            status.message().contains("send smaller batches"),
            "{status}"
        );
    }
    assert_eq!(serving.parts().await?, 0);
    Ok(())
}
