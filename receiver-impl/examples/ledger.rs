//! Handlers whose effects happen once, although events are handled at least once.
//!
//! The receiver may be killed between an effect and the note that the event is done; the event then comes again. What
//! makes the effect happen once is the event's identity, written in the same transaction as the effect: here a line in
//! a ledger, elsewhere a payment or a mail put into an outbox.
//!
//! `cargo run --example ledger -- serve --dev` is the receiver with these handlers. The ledger is the file that `LEDGER`
//! names, or `ledger.db`.

use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use clap::Parser;
use receiver::attempt::Dispatch;
use receiver::commands::{Cli, run};
use rusqlite::Connection;
use webhook_api::{Delivery, Disposition, HandlerError};

struct Ledger(Mutex<Connection>);

impl Ledger {
    fn open(path: &str) -> rusqlite::Result<Self> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS handled (provider TEXT, event_id TEXT, PRIMARY KEY (provider, event_id));
             CREATE TABLE IF NOT EXISTS effect (event_id TEXT);
             CREATE TABLE IF NOT EXISTS call (event_id TEXT, attempt INTEGER);",
        )?;
        Ok(Self(Mutex::new(connection)))
    }
}

impl Dispatch for Ledger {
    async fn dispatch(&self, delivery: &Delivery) -> Result<Disposition, HandlerError> {
        let mut connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction()?;
        transaction.execute("INSERT INTO call VALUES (?1, ?2)", (delivery.event_id.as_str(), delivery.attempt))?;
        let first = transaction.execute(
            "INSERT OR IGNORE INTO handled VALUES (?1, ?2)",
            (delivery.endpoint.provider, delivery.event_id.as_str()),
        )?;
        if first == 1 {
            transaction.execute("INSERT INTO effect VALUES (?1)", [delivery.event_id.as_str()])?;
        }
        transaction.commit()?;
        Ok(Disposition::Handled)
    }
}

fn main() -> ExitCode {
    let path = std::env::var("LEDGER").unwrap_or_else(|_| "ledger.db".to_owned());
    match Ledger::open(&path) {
        Ok(ledger) => run(Cli::parse(), ledger),
        Err(error) => {
            eprintln!("error: the ledger {path} cannot be opened: {error}");
            ExitCode::FAILURE
        }
    }
}
