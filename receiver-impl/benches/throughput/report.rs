//! The figures, for people and for programs.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::Result;
use crate::machine::Machine;
use crate::measure::{Figures, Measurement};
use crate::options::Options;
use crate::rows::Row;

/// Above this share of the machine in other hands, the figures are doubtful.
const DISTURBED: f64 = 0.05;
/// How far the bare handler may be from itself.
const SELF_CHECK: f64 = 0.03;
const PERCENTILES: [(&str, f64); 4] = [("p50", 50.0), ("p90", 90.0), ("p99", 99.0), ("p99.9", 99.9)];
const MIB: f64 = 1024.0 * 1024.0;

pub(crate) fn print_head(machine: &Machine, options: &Options) {
    println!("{} cores ({}), {}, {}", machine.cores, machine.processor, machine.kernel, machine.rustc);
    println!(
        "{} pairs of rounds of about {} ms in each row; the load runs on the same cores",
        options.rounds,
        options.round.as_millis()
    );
    if options.self_check {
        println!("Self-check: \"receiver\" is the bare handler once more");
    }
}

pub(crate) fn print_row(row: &Row, measurement: &Measurement) {
    println!("\n{}", row.title());
    println!(
        "  {:<9}{:>9}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}  ratio",
        "", "req/s", "p50 µs", "p90 µs", "p99 µs", "p99.9 µs", "CPU µs", "RSS MiB", "peak MiB"
    );
    print_figures(if row.setup.page { "closed" } else { "bare" }, &measurement.bare, "");
    let ratio = &measurement.ratio;
    let ratio = format!("{:.3} ({:.3} to {:.3})", ratio.median, ratio.lowest, ratio.highest);
    print_figures(if row.setup.page { "open" } else { "receiver" }, &measurement.receiver, &ratio);
    if measurement.log_lines > 0.01 {
        println!("  log: {:.3} lines for each request", measurement.log_lines);
    }
    if let Some(inbox) = &measurement.inbox {
        let commits = inbox.commits.map(|(rate, events)| format!("{rate:.0} commits/s with {events:.1} events each; "));
        let commits = commits.unwrap_or_default();
        println!("  inbox: {commits}{:.0} events/s until the last one is handled", inbox.handled_rate);
    }
    if let Some(time) = measurement.broker_cpu {
        println!("  brokers: {:.1} µs of CPU time for each request", micros(time));
    }
    if let Some(share) = measurement.disturbed.filter(|share| *share > DISTURBED) {
        println!("  disturbed: other programs used {:.0} % of the machine; repeat the row", share * 100.0);
    }
}

fn print_figures(name: &str, figures: &Figures, ratio: &str) {
    print!("  {name:<9}{:>9.0}", figures.rate);
    for (_, percent) in PERCENTILES {
        print!("{:>10.0}", micros(figures.percentile(percent)));
    }
    print!("{:>10}", figures.cpu_per_request.map_or_else(|| "-".to_owned(), |time| format!("{:.1}", micros(time))));
    match figures.memory {
        Some(memory) => print!("{:>10.1}{:>10.1}", memory.now as f64 / MIB, memory.peak as f64 / MIB),
        None => print!("{:>10}{:>10}", "-", "-"),
    }
    println!("  {ratio}");
}

/// The targets, and whether they are met.
pub(crate) fn print_foot(measurements: &[(&Row, Measurement)]) {
    println!(
        "\nCPU: the server's time for each request. Ratio: requests/s to the bare handler's, median of the pairs."
    );
    for (row, measurement) in measurements {
        let Some(target) = &row.target else { continue };
        let verdict = |met| if met { "met" } else { "MISSED" };
        let ratio = measurement.ratio.median;
        println!("Target, {}: ratio at least {:.2}: {}", row.title(), target.ratio, verdict(ratio >= target.ratio));
        if let Some(most) = target.p99 {
            let p99 = |figures: &Figures| micros(figures.percentile(99.0));
            let times = p99(&measurement.receiver) / p99(&measurement.bare);
            println!("Target, {}: p99 below {most} times: {times:.1}: {}", row.title(), verdict(times < most));
        }
        if let Some(memory) = measurement.receiver.memory {
            let met = (memory.peak as f64 / MIB) < target.peak_mib;
            println!("Target, {}: memory below {} MiB: {}", row.title(), target.peak_mib, verdict(met));
        }
    }
}

/// Whether the bare handler is as fast as itself in every row.
pub(crate) fn self_check(measurements: &[(&Row, Measurement)]) -> bool {
    let off: Vec<_> = measurements.iter().filter(|(_, m)| (m.ratio.median - 1.0).abs() > SELF_CHECK).collect();
    for (row, measurement) in &off {
        println!("Self-check failed: {}: ratio {:.3}", row.title(), measurement.ratio.median);
    }
    off.is_empty()
}

pub(crate) fn write_json(file: &Path, machine: &Machine, measurements: &[(&Row, Measurement)]) -> Result<()> {
    let rows: Vec<_> = measurements.iter().map(|(row, measurement)| row_json(row, measurement)).collect();
    let document = json!({
        "machine": {
            "cores": machine.cores,
            "processor": machine.processor,
            "kernel": machine.kernel,
            "rustc": machine.rustc,
        },
        "rows": rows,
    });
    let file_name = file.display();
    std::fs::write(file, format!("{document:#}\n")).map_err(|error| format!("cannot write {file_name}: {error}"))?;
    println!("Written: {file_name}");
    Ok(())
}

fn row_json(row: &Row, measurement: &Measurement) -> Value {
    let ratio = &measurement.ratio;
    json!({
        "title": row.title(),
        "connections": row.connections,
        "events": row.events.name,
        "setup": row.setup.name,
        "bare": figures_json(&measurement.bare),
        "receiver": figures_json(&measurement.receiver),
        "ratio": { "median": ratio.median, "lowest": ratio.lowest, "highest": ratio.highest },
        "inbox": measurement.inbox.as_ref().map(|inbox| json!({
            "commits_per_second": inbox.commits.map(|(rate, _)| rate),
            "events_per_commit": inbox.commits.map(|(_, events)| events),
            "handled_per_second": inbox.handled_rate,
        })),
        "broker_cpu_us_per_request": measurement.broker_cpu.map(micros),
        "log_lines_per_request": measurement.log_lines,
        "share_of_machine_used_by_others": measurement.disturbed,
    })
}

fn figures_json(figures: &Figures) -> Value {
    let latency: serde_json::Map<_, _> = PERCENTILES
        .iter()
        .map(|(name, percent)| ((*name).to_owned(), micros(figures.percentile(*percent)).into()))
        .collect();
    json!({
        "requests": figures.requests,
        "requests_per_second": figures.rate,
        "latency_us": latency,
        "cpu_us_per_request": figures.cpu_per_request.map(micros),
        "resident_bytes": figures.memory.map(|memory| memory.now),
        "peak_resident_bytes": figures.memory.map(|memory| memory.peak),
    })
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}
