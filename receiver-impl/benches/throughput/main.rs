//! Requests per second, latency, memory and CPU time of the receiver as shipped, against a bare hand-written handler.
//!
//! Both are processes of their own on the loopback interface, fed by the same closed loop: every connection is kept
//! alive and sends its next request when the answer to the last one is in. Both get the same requests, in short rounds
//! that take turns, so that a machine that grows slower or faster during the run does so for both; the ratio is the
//! median over the pairs of rounds.
//!
//! The load shares the machine with the server. On few cores its cost is part of every request, for both sides alike,
//! and pulls the ratio of requests/s towards 1. The CPU time per request is the server's alone and hides nothing.

mod bare;
mod brokers;
mod events;
mod load;
mod machine;
mod measure;
mod options;
mod page;
mod process;
mod report;
mod rows;
mod sign;
mod store;

use std::process::ExitCode;

use machine::Machine;
use options::{Options, Task};

/// What every step may fail with: a sentence for the person who runs the bench.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("bench failed: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether the run holds what it promises; a missed target is told, but is no failure.
fn run() -> Result<bool> {
    match options::parse(std::env::args().skip(1))? {
        Task::Help => {
            print!("{}", options::HELP);
            Ok(true)
        }
        Task::List => {
            rows::all().iter().for_each(|row| println!("{}", row.title()));
            Ok(true)
        }
        Task::BareServer(events) => bare::serve(&events).map(|()| true),
        Task::Bench(options) => bench(&options),
    }
}

fn bench(options: &Options) -> Result<bool> {
    let rows = rows::selected(options);
    if rows.is_empty() {
        return Err("no row matches; --list names them".into());
    }
    let machine = Machine::look();
    report::print_head(&machine, options);
    let mut measurements = Vec::new();
    for row in &rows {
        let measurement = measure::measure(row, options).map_err(|error| format!("{}: {error}", row.title()))?;
        report::print_row(row, &measurement);
        measurements.push((row, measurement));
    }
    report::print_foot(&measurements);
    if let Some(file) = &options.json {
        report::write_json(file, &machine, &measurements)?;
    }
    Ok(!options.self_check || report::self_check(&measurements))
}
