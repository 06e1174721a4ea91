//! The events that the load sends: each unique, each signed, all made before the clock starts.

use std::io::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::Result;
use crate::sign::Key;

/// A kind of event: where it goes, what it looks like and what answer it gets.
pub(crate) struct Events {
    /// Names it in the table and to the bare server.
    pub(crate) name: &'static str,
    /// The variable that hands both servers their secrets.
    pub(crate) secrets: &'static str,
    pub(crate) path: &'static str,
    /// The body, with `{id}` where the unique id goes.
    template: &'static str,
    /// Writes the header lines that authenticate a body.
    sign: fn(&Key, &[u8], &mut Vec<u8>) -> Result<()>,
    /// The status that says that the event was taken.
    pub(crate) accepted: u16,
}

/// gridX's most common event, in today's form.
pub(crate) const GRIDX: Events = Events {
    name: "gridx",
    secrets: "GRIDX_SECRETS",
    path: "/gridx/events",
    template: concat!(
        r#"{"id":"{id}","time":"2026-07-01T12:00:00Z","specVersion":"1.0","#,
        r#""source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","dataContentType":"application/json","#,
        r#""correlationId":"7b7d1d8e-55a8-4b0a-8b1e-0a4a3f0b7c22","type":"appliance/online","data":{"#,
        r#""applianceID":"f0a5b1d2-3c4e-4f60-8a7b-9c0d1e2f3a4b","gatewayID":"5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","#,
        r#""systemID":"0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","model":"PV-12","type":"INVERTER","kind":"PV","#,
        r#""name":"Roof east"}}"#,
    ),
    sign: |key, body, request| {
        request.extend_from_slice(b"X-Signature: sha512=");
        for byte in key.sign(body) {
            write!(request, "{byte:02x}")?;
        }
        request.extend_from_slice(b"\r\n");
        Ok(())
    },
    accepted: 204,
};

/// Every kind of event that a row may use.
pub(crate) const ALL: &[&Events] = &[&GRIDX];

/// Requests ready to be written to a socket, byte for byte.
#[derive(Default)]
pub(crate) struct Requests {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Requests {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn get(&self, index: usize) -> Option<&[u8]> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(&self.bytes[start..end])
    }
}

/// Makes requests whose ids are unlike those of every other run.
pub(crate) struct Source {
    events: &'static Events,
    key: Key,
    run: u64,
    made: u64,
}

impl Source {
    pub(crate) fn new(events: &'static Events, secret: &str) -> Result<Self> {
        let run = SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros() as u64;
        Ok(Self { events, key: Key::new(secret)?, run, made: 0 })
    }

    pub(crate) fn take(&mut self, count: usize) -> Result<Requests> {
        let mut requests = Requests::default();
        for _ in 0..count {
            self.made += 1;
            let run = self.run;
            let id =
                format!("{:08x}-{:04x}-4{:03x}-8000-{:012x}", run >> 28, run >> 12 & 0xffff, run & 0xfff, self.made);
            let body = self.events.template.replace("{id}", &id);
            let bytes = &mut requests.bytes;
            write!(bytes, "POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\n", self.events.path)?;
            write!(bytes, "Content-Type: application/json\r\nContent-Length: {}\r\n", body.len())?;
            (self.events.sign)(&self.key, body.as_bytes(), bytes)?;
            bytes.extend_from_slice(b"\r\n");
            bytes.extend_from_slice(body.as_bytes());
            requests.ends.push(bytes.len());
        }
        Ok(requests)
    }
}
