//! The receiver with methods that are as bad as a body wants them.

use std::process::ExitCode;

use clap::Parser;
use receiver::attempt::Dispatch;
use receiver::commands::{Cli, run};
use webhook_api::{Delivery, Disposition, HandlerError};

struct Moody;

impl Dispatch for Moody {
    async fn dispatch(&self, delivery: &Delivery) -> Result<Disposition, HandlerError> {
        let says = |mood: &str| delivery.body.windows(mood.len()).any(|part| part == mood.as_bytes());
        assert!(!says("panics"), "out of order");
        if says("never returns") {
            std::future::pending::<()>().await;
        }
        Ok(Disposition::Handled)
    }
}

fn main() -> ExitCode {
    run(Cli::parse(), Moody)
}
