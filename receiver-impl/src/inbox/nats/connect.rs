//! The connection to the broker. It comes back by itself; meanwhile nothing is kept, and every provider is told to retry.

use std::time::Duration;

use async_nats::jetstream::{self, context::ContextBuilder};
use async_nats::{Client, ConnectOptions, Event};
use ring::rand::{SecureRandom as _, SystemRandom};
use tracing::{debug, info, warn};

use super::fetch::ANSWER;
use super::options::{Address, Login};

/// The longest pause before the broker is tried again.
const PAUSE: Duration = Duration::from_secs(4);
/// How long a broker may take to accept a connection.
const GREETING: Duration = Duration::from_secs(5);
/// How soon a connection that is dead without a word is noticed, which takes two of them.
const PING: Duration = Duration::from_secs(2);

/// Connects, or says why that cannot be.
pub(super) async fn connect(address: &Address) -> Result<(Client, jetstream::Context), String> {
    let mut options = ConnectOptions::new()
        .name("webhook receiver")
        .connection_timeout(GREETING)
        .ping_interval(PING)
        .max_reconnects(None)
        .reconnect_delay_callback(pause)
        .subscription_capacity(16_384)
        .request_timeout(Some(ANSWER))
        .event_callback(|event| async move { tell(&event) });
    options = match &address.login {
        Login::None => options,
        Login::Password(user, password) => {
            options.user_and_password(user.clone(), password.text()?.as_str().to_owned())
        }
        Login::Token(token) => options.token(token.text()?.as_str().to_owned()),
        Login::Credentials(path) => options
            .credentials_file(path)
            .await
            .map_err(|error| format!("the credentials {} cannot be used: {error}", path.display()))?,
    };
    if address.tls {
        options = options.require_tls(true);
    }
    if let Some(ca) = &address.ca {
        options = options.add_root_certificates(ca.clone());
    }
    if let Some((certificate, key)) = &address.certificate {
        options = options.add_client_certificate(certificate.clone(), key.clone());
    }
    let scheme = if address.tls { "tls" } else { "nats" };
    let servers: Vec<_> = address.servers.iter().map(|server| format!("{scheme}://{server}")).collect();
    let client = options.connect(servers).await.map_err(|error| error.to_string())?;
    let context = ContextBuilder::new().timeout(ANSWER).backpressure_on_inflight(true).build(client.clone());
    Ok((client, context))
}

/// Longer each time, and never the same on two machines.
fn pause(attempts: usize) -> Duration {
    let most = Duration::from_millis(50 << attempts.min(7)).min(PAUSE);
    let mut random = [0; 2];
    // Without randomness the pause is only not spread.
    let _ = SystemRandom::new().fill(&mut random);
    most.mul_f64(0.5 + f64::from(u16::from_be_bytes(random)) / f64::from(u16::MAX) / 2.0)
}

fn tell(event: &Event) {
    match event {
        Event::Connected => info!("connected to the broker"),
        Event::Disconnected => warn!("the broker is gone; nothing is kept until it is back"),
        other => debug!("the broker's connection: {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_before_a_broker_is_tried_again_grows_to_its_limit() {
        for (attempts, most) in [(0, 50), (1, 100), (6, 3200), (7, 4000), (1000, 4000)] {
            let most = Duration::from_millis(most);
            assert!(pause(attempts) <= most && pause(attempts) >= most / 2, "{attempts}");
        }
    }
}
