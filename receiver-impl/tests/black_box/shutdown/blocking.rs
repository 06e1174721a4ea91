//! The receiver with a method that never returns and gives nobody else its thread. No method should.

use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

use clap::Parser;
use receiver::attempt::Dispatch;
use receiver::commands::{Cli, run};
use webhook_api::{Delivery, Disposition, HandlerError};

/// How many methods were called.
#[derive(Default)]
struct Blocking(AtomicUsize);

impl Dispatch for Blocking {
    async fn dispatch(&self, _: &Delivery) -> Result<Disposition, HandlerError> {
        eprintln!("method {} blocks its thread", self.0.fetch_add(1, Relaxed) + 1);
        loop {
            thread::park();
        }
    }
}

fn main() -> ExitCode {
    run(Cli::parse(), Blocking::default())
}
