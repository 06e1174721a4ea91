//! The machine that the figures belong to, and whether something else was using it.

use std::process::Command;
use std::time::Duration;

/// What a reader must know to compare figures.
pub(crate) struct Machine {
    pub(crate) cores: usize,
    pub(crate) processor: String,
    pub(crate) kernel: String,
    pub(crate) rustc: String,
}

impl Machine {
    pub(crate) fn look() -> Self {
        let unknown = || "unknown".to_owned();
        let processors = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let processor = processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
        let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").ok();
        let rustc = Command::new("rustc").arg("--version").output().ok();
        let rustc = rustc.and_then(|output| String::from_utf8(output.stdout).ok());
        Self {
            cores: std::thread::available_parallelism().map_or(0, usize::from),
            processor: processor.map_or_else(unknown, |(_, name)| name.trim().to_owned()),
            kernel: kernel.map_or_else(unknown, |text| format!("Linux {}", text.trim())),
            rustc: rustc.map_or_else(unknown, |text| text.trim().to_owned()),
        }
    }
}

/// How long all cores together have been busy since the machine started, stolen time included.
pub(crate) fn busy_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/stat").ok()?;
    let fields = stat.lines().next()?.strip_prefix("cpu ")?.split_ascii_whitespace();
    let ticks = fields.map(str::parse::<u64>).collect::<Result<Vec<_>, _>>().ok()?;
    // user nice system idle iowait irq softirq steal; guest times are contained in the first two.
    let busy: u64 = ticks.iter().take(8).enumerate().filter(|(field, _)| !matches!(field, 3 | 4)).map(|(_, t)| t).sum();
    Some(Duration::from_millis(busy * 10))
}
