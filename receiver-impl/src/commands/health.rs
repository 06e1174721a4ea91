//! `receiver health`: whether the receiver beside it lives, or is ready. What a container's health check runs, since its
//! image has no other program to ask with.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;

use bytes::Bytes;
use http::{Request, StatusCode, Uri};
use http_body_util::Full;

use super::Failure;
use crate::config::Span;
use crate::http_client::{Http, HttpError, Tls};
use crate::log_text::Shown;

/// What `receiver health` is told.
#[derive(Debug, clap::Args)]
#[command(after_help = "The exit code is 0 if it is, and 1 if it is not or does not answer.")]
pub struct HealthArgs {
    /// The receiver's admin port, as `receiver serve` is told
    #[arg(long, env = "RECEIVER_ADMIN", value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8081")]
    admin: SocketAddr,

    /// Ask whether it takes deliveries now, and not only whether it lives
    #[arg(long)]
    ready: bool,

    /// How long the answer may take
    #[arg(long, value_name = "TIME", default_value = "2s")]
    timeout: Span,
}

pub(super) fn run(args: &HealthArgs) -> Result<ExitCode, Failure> {
    let path = if args.ready { "/readyz" } else { "/healthz" };
    let url: Uri = format!("http://{}{path}", beside(args.admin)).parse().map_err(Failure::usage)?;
    let mut request = Request::new(Full::new(Bytes::new()));
    *request.uri_mut() = url;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::run)?;
    let answer = runtime.block_on(async {
        let client = Http::new(&Tls::Unused, args.timeout.0)?;
        client.exchange(request).await
    });
    let answer = answer.map_err(|error| told(&error))?;
    let said = String::from_utf8_lossy(&answer.body);
    if answer.status == StatusCode::OK {
        println!("{}", Shown(said.trim()));
        return Ok(ExitCode::SUCCESS);
    }
    Err(Failure::run(format_args!("the receiver is not: {}: {}", answer.status.as_u16(), Shown(said.trim()))))
}

/// Where a port is asked that listens on every address.
fn beside(admin: SocketAddr) -> SocketAddr {
    let ip = match admin.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, admin.port())
}

fn told(error: &HttpError) -> Failure {
    match error {
        HttpError::Unreachable { host, why, .. } => Failure::run(format_args!("no receiver answers at {host}: {why}")),
        HttpError::Late { host, after } => {
            Failure::run(format_args!("the receiver at {host} gave no answer within {} s", after.as_secs()))
        }
        HttpError::Certificates(why) | HttpError::Machine(why) => Failure::run(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_on_every_address_is_asked_on_this_machine() {
        for (admin, asked) in [
            ("0.0.0.0:1", "127.0.0.1:1"),
            ("[::]:2", "[::1]:2"),
            ("10.0.0.1:3", "10.0.0.1:3"),
            ("127.0.0.1:4", "127.0.0.1:4"),
        ] {
            assert_eq!(beside(admin.parse().unwrap()).to_string(), asked);
        }
    }
}
