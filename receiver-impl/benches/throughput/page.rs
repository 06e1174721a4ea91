//! The live page, open: a client that takes the stream of changes as fast as it comes, as a browser does.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread::JoinHandle;

use crate::Result;

/// A page that is open until this goes.
pub(crate) struct OpenPage {
    stream: TcpStream,
    read: Arc<AtomicU64>,
    reader: Option<JoinHandle<()>>,
}

impl OpenPage {
    /// Opens the page of a receiver whose admin port is there.
    pub(crate) fn open(admin: SocketAddr) -> Result<Self> {
        let mut stream = TcpStream::connect(admin)?;
        stream.write_all(b"GET /api/page/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
        let (mut reading, read) = (stream.try_clone()?, Arc::new(AtomicU64::new(0)));
        let counter = Arc::clone(&read);
        let reader = std::thread::spawn(move || {
            let mut buffer = vec![0; 256 << 10];
            while let Ok(number @ 1..) = reading.read(&mut buffer) {
                counter.fetch_add(number as u64, Relaxed);
            }
        });
        Ok(Self { stream, read, reader: Some(reader) })
    }

    /// Bytes that came so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.read.load(Relaxed)
    }
}

impl Drop for OpenPage {
    fn drop(&mut self) {
        // A stream that is gone already has ended its reader, too.
        let _ = self.stream.shutdown(Shutdown::Both);
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }
}
