//! The events that the load sends: each unique, each signed, all made before the clock starts.

use std::io::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::Result;
use crate::sign::{Hash, Key};

/// How many gridX systems the events are about. Those of one are handled one after another.
const SYSTEMS: u64 = 1000;

/// A kind of event: where it goes, what it looks like and what answer it gets.
pub(crate) struct Events {
    /// Names it in the table and to the bare server.
    pub(crate) name: &'static str,
    /// The variable that hands both servers their secrets.
    pub(crate) secrets: &'static str,
    pub(crate) path: &'static str,
    /// The body, with `{id}` where the unique id goes, and `{system}` where that of one of [`SYSTEMS`] does.
    template: &'static str,
    /// What it is signed with.
    pub(crate) hash: Hash,
    /// The header line that authenticates a body, sent at this time in seconds since 1970.
    sign: fn(&Key, &[u8], u64) -> String,
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
        r#""source":"/systems/{system}","dataContentType":"application/json","#,
        r#""correlationId":"7b7d1d8e-55a8-4b0a-8b1e-0a4a3f0b7c22","type":"appliance/online","data":{"#,
        r#""applianceID":"f0a5b1d2-3c4e-4f60-8a7b-9c0d1e2f3a4b","gatewayID":"5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","#,
        r#""systemID":"{system}","model":"PV-12","type":"INVERTER","kind":"PV","#,
        r#""name":"Roof east"}}"#,
    ),
    hash: Hash::Sha512,
    sign: |key, body, _| format!("X-Signature: sha512={}", key.sign(&[body])),
    accepted: 204,
};

/// The event that HPE GreenLake sends most: an entry of an audit log.
pub(crate) const GREENLAKE: Events = Events {
    name: "greenlake",
    secrets: "GREENLAKE_SECRETS",
    path: "/greenlake/events",
    template: concat!(
        r#"{"specversion":"1.0","id":"{id}","source":"//global.api.greenlake.hpe.com/audit-log","type":"#,
        r#""com.hpe.greenlake.audit-log.v1.logs.created","datacontenttype":"application/json","time":"#,
        r#""2026-03-02T10:11:12.345127443Z","subject":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","data":{"id":"#,
        r#""kP3xQ5MBAbcdEFgh1234","user":{"username":"ops@example.com"},"workspace":{"id":"#,
        r#""0a1b2c3d4e5f60718293a4b5c6d7e8f9","workspace_name":null,"workspace_type":null},"application":{"#,
        r#""id":"00000000-0000-0000-0000-000000000000"},"category":"user_management","description":"#,
        r#""User ops@example.com logged out","created_at":1772446272345,"updated_at":1772446272345,"#,
        r#""additional_info":{"ip_address":"192.0.2.10","account_name":"Example Workspace"},"has_details":"#,
        r#"false}}"#,
    ),
    hash: Hash::Sha256,
    sign: |key, body, _| format!("HPE-Webhook-Signature: sha256={}", key.sign(&[body])),
    accepted: 200,
};

/// One of Nursa's events, which have no id: the receiver makes one, the digest of the body.
pub(crate) const NURSA: Events = Events {
    name: "nursa",
    secrets: "NURSA_SECRETS",
    path: "/nursa/events",
    template: concat!(
        r#"{"data":{"shiftId":"{id}","facilityId":"NUR-000123","from":"2026-03-10T07:00:00.000Z","to":"#,
        r#""2026-03-10T19:00:00.000Z","at":"2026-03-02T14:05:09.120Z","description":"#,
        r#""Day shift on the second floor","licenseType":"CNA","breakTime":"PT30M","autoScheduleSettings":"#,
        r#"{"enabled":true,"enabledOrigins":["Favorites"]},"createdBy":{"userId":"#,
        r#""u7Jq0pZr3XbLw9KdT2mVn5CsYhA1","email":"scheduler@example.com"}},"eventType":"shift.created"}"#,
    ),
    hash: Hash::Sha256,
    sign: |key, body, now| {
        let time = now.to_string();
        format!("Nursa-Signature: t={time},v1={}", key.sign(&[time.as_bytes(), b".", body]))
    },
    accepted: 200,
};

/// Every kind of event that a row may use.
pub(crate) const ALL: &[&Events] = &[&GRIDX, &GREENLAKE, &NURSA];

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
        Ok(Self { events, key: Key::new(events.hash, secret)?, run, made: 0 })
    }

    pub(crate) fn take(&mut self, count: usize) -> Result<Requests> {
        let mut requests = Requests::default();
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        for _ in 0..count {
            self.made += 1;
            let run = self.run;
            let id =
                format!("{:08x}-{:04x}-4{:03x}-8000-{:012x}", run >> 28, run >> 12 & 0xffff, run & 0xfff, self.made);
            let system = format!("0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f{:04x}", self.made % SYSTEMS);
            let body = self.events.template.replace("{id}", &id).replace("{system}", &system);
            let bytes = &mut requests.bytes;
            write!(bytes, "POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\n", self.events.path)?;
            write!(bytes, "Content-Type: application/json\r\nContent-Length: {}\r\n", body.len())?;
            write!(bytes, "{}\r\n\r\n", (self.events.sign)(&self.key, body.as_bytes(), now))?;
            bytes.extend_from_slice(body.as_bytes());
            requests.ends.push(bytes.len());
        }
        Ok(requests)
    }
}
