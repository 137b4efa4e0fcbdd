//! Reads a file of records in batches, never whole: NDJSON line by line, an array element by element.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context;
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;
use tokio::sync::mpsc::{self, Receiver, Sender};

use crate::ingest::MAX_RECORD_BYTES;

/// Records a transaction; the same from run to run, so that a batch can be known again.
const BATCH_RECORDS: usize = 1_000;
/// Bytes of records a transaction, for records that are large.
const BATCH_BYTES: usize = 2 << 20;

/// Records that go in together.
pub(super) struct Batch {
    pub records: Vec<String>,
    /// How much of the file has been read.
    pub bytes_read: u64,
}

/// Batches as they are read, one ahead.
pub(super) struct Batches {
    receiver: Receiver<anyhow::Result<Batch>>,
    total_bytes: Option<u64>,
}

impl Batches {
    pub(super) async fn recv(&mut self) -> Option<anyhow::Result<Batch>> {
        self.receiver.recv().await
    }

    pub(super) fn total_bytes(&self) -> Option<u64> {
        self.total_bytes
    }
}

/// Opens a file, or standard input for `-`, and reads it on a thread of its own.
pub(super) fn batches(path: &Path) -> anyhow::Result<Batches> {
    let (input, total_bytes): (Box<dyn Read + Send>, Option<u64>) = if path == Path::new("-") {
        (Box::new(io::stdin()), None)
    } else {
        let file =
            File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let total = file.metadata().map(|metadata| metadata.len()).ok();
        (Box::new(file), total)
    };
    let (sender, receiver) = mpsc::channel(1);
    let name = path.display().to_string();
    std::thread::spawn(move || {
        let read = Arc::new(AtomicU64::new(0));
        let counted = Counted {
            input,
            read: Arc::clone(&read),
        };
        let mut collector = Collector {
            sender: &sender,
            records: Vec::new(),
            bytes: 0,
            read,
        };
        let read = read_all(BufReader::with_capacity(1 << 18, counted), &mut collector);
        // What was read before a break is taken in as well.
        collector.send();
        let result = read
            .with_context(|| format!("{name} could not be read to its end; what came before it is taken in, and the import can be repeated"));
        if let Err(error) = result {
            // Whoever has stopped listening does not want to know.
            let _ = sender.blocking_send(Err(error));
        }
    });
    Ok(Batches {
        receiver,
        total_bytes,
    })
}

fn read_all(mut input: impl BufRead, collector: &mut Collector<'_>) -> anyhow::Result<()> {
    if first_byte(&mut input)? == Some(b'[') {
        let mut array = serde_json::Deserializer::from_reader(input);
        array.deserialize_seq(Elements(collector))?;
        array.end()?;
    } else {
        read_lines(input, collector)?;
    }
    Ok(())
}

/// The first byte that is not white space, left unread.
fn first_byte(input: &mut impl BufRead) -> io::Result<Option<u8>> {
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(None);
        }
        match buffer.iter().position(|byte| !byte.is_ascii_whitespace()) {
            Some(at) => {
                let byte = buffer[at];
                input.consume(at);
                return Ok(Some(byte));
            }
            None => {
                let all = buffer.len();
                input.consume(all);
            }
        }
    }
}

/// Longer lines are cut, so that no line can fill the memory; a cut record is refused as oversized.
fn read_lines(mut input: impl BufRead, collector: &mut Collector<'_>) -> anyhow::Result<()> {
    let mut line = Vec::new();
    loop {
        line.clear();
        let limit = MAX_RECORD_BYTES as u64 + 2;
        if (&mut input).take(limit).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        if line.last() != Some(&b'\n') && line.len() as u64 == limit {
            input.skip_until(b'\n')?;
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim();
        if !text.is_empty() {
            collector.push(text.to_owned())?;
        }
    }
}

/// Gathers records into batches and hands them on.
struct Collector<'a> {
    sender: &'a Sender<anyhow::Result<Batch>>,
    records: Vec<String>,
    bytes: usize,
    read: Arc<AtomicU64>,
}

impl Collector<'_> {
    fn push(&mut self, record: String) -> anyhow::Result<()> {
        self.bytes += record.len();
        self.records.push(record);
        if self.records.len() >= BATCH_RECORDS || self.bytes >= BATCH_BYTES {
            anyhow::ensure!(self.send(), "the import was ended");
        }
        Ok(())
    }

    /// False when nobody listens any more.
    fn send(&mut self) -> bool {
        if self.records.is_empty() {
            return true;
        }
        self.bytes = 0;
        let batch = Batch {
            records: std::mem::take(&mut self.records),
            bytes_read: self.read.load(Ordering::Relaxed),
        };
        self.sender.blocking_send(Ok(batch)).is_ok()
    }
}

/// Takes the elements of an array one at a time.
struct Elements<'a, 'b>(&'a mut Collector<'b>);

impl<'de> Visitor<'de> for Elements<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON array of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        while let Some(element) = elements.next_element::<Box<RawValue>>()? {
            self.0
                .push(element.get().to_owned())
                .map_err(serde::de::Error::custom)?;
        }
        Ok(())
    }
}

/// Counts what is read.
struct Counted {
    input: Box<dyn Read + Send>,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.input.read(buffer)?;
        self.read.fetch_add(bytes as u64, Ordering::Relaxed);
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn records(text: &str) -> Vec<String> {
        let folder = std::env::temp_dir().join(format!(
            "onehop-reader-{}-{}",
            std::process::id(),
            text.len()
        ));
        std::fs::write(&folder, text).unwrap();
        let mut batches = batches(&folder).unwrap();
        let mut records = Vec::new();
        while let Some(batch) = batches.recv().await {
            records.extend(batch.unwrap().records);
        }
        std::fs::remove_file(&folder).unwrap();
        records
    }

    #[tokio::test]
    async fn an_array_and_lines_read_the_same() {
        assert_eq!(
            records("\n [ {\"id\":1} ,\n {\"id\":2}]\n").await,
            ["{\"id\":1}", "{\"id\":2}"]
        );
        assert_eq!(
            records("{\"id\":1}\r\n\n{\"id\":2}").await,
            ["{\"id\":1}", "{\"id\":2}"]
        );
    }

    #[tokio::test]
    async fn an_overlong_line_does_not_take_the_next_with_it() {
        let text = format!(
            "{{\"id\":\"{}\"}}\n{{\"id\":2}}\n",
            "x".repeat(2 * MAX_RECORD_BYTES)
        );
        let records = records(&text).await;
        assert_eq!(records.len(), 2);
        assert!(records[0].len() > MAX_RECORD_BYTES);
        assert_eq!(records[1], "{\"id\":2}");
    }
}
