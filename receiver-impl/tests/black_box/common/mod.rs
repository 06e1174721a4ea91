//! The real binary in a folder of its own, and a client that can say anything to it.

pub(crate) mod browser;
pub(crate) mod events;
pub(crate) mod http;
mod lines;
pub(crate) mod process;
pub(crate) mod programs;
pub(crate) mod receiver;
pub(crate) mod scratch;
mod sign;
mod until;

use std::time::Duration;

pub(crate) use browser::Browser;
pub(crate) use http::{Connection, Request};
pub(crate) use process::Invocation;
pub(crate) use receiver::Receiver;
pub(crate) use sign::{RSA_KEY, hmac_sha256, sign, sign_rs256};
pub(crate) use until::Until;

/// How long to wait for what must happen. Only a broken receiver makes a test wait that long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The secret that most tests sign with; unlike anything else that a receiver might write.
pub(crate) const SECRET: &str = "whsec_Zx81-black-box-secret-Qk27";

/// gridX's address of today's form.
pub(crate) const EVENTS: &str = "/gridx/events";

/// One of its addresses of the 2024 form.
pub(crate) const ONLINE_2024: &str = "/gridx/events/appliance/online";

/// HPE GreenLake's address.
pub(crate) const GREENLAKE: &str = "/greenlake/events";

/// Nursa's address.
pub(crate) const NURSA: &str = "/nursa/events";
