//! One row: two servers, fed by turns with the same requests.

use std::time::{Duration, Instant};

use crate::Result;
use crate::events::Source;
use crate::load::{Load, Round};
use crate::machine;
use crate::options::Options;
use crate::page::OpenPage;
use crate::process::{Memory, Server, cpu_time};
use crate::rows::Row;
use crate::store::Store;

/// How long each server is warmed up, and how many requests at a time.
const WARM_UP: (Duration, usize) = (Duration::from_millis(500), 2_000);
/// Requests made for one round are held in memory; no more than this.
const MOST_REQUESTS: usize = 200_000;

/// How long handlers may take to come to an end after a round.
const DRAIN: Duration = Duration::from_secs(30);
/// Series of the receiver's metrics.
const COMMITS: &str = "receiver_inbox_commits_total";
const ADMITTED: &str = "receiver_inbox_admitted_total";
const HANDLED: &str = "receiver_handled_total";

/// What a row showed.
pub(crate) struct Measurement {
    pub(crate) bare: Figures,
    pub(crate) receiver: Figures,
    pub(crate) ratio: Ratio,
    /// The share of the machine that neither the servers nor the load used, but somebody did.
    pub(crate) disturbed: Option<f64>,
    /// Lines in the receiver's log for each request.
    pub(crate) log_lines: f64,
    /// What the receiver's inbox showed, if it has one.
    pub(crate) inbox: Option<InboxFigures>,
    /// The brokers' time for each request, if there are any.
    pub(crate) broker_cpu: Option<Duration>,
}

/// What keeping and handling came to.
pub(crate) struct InboxFigures {
    /// Commits/s and events in each, where there are commits.
    pub(crate) commits: Option<(f64, f64)>,
    /// Events/s from the first request of a round to the end of the last handler, in the median round.
    pub(crate) handled_rate: f64,
}

/// What one server showed over all rounds.
pub(crate) struct Figures {
    pub(crate) requests: usize,
    /// Requests/s in the median round.
    pub(crate) rate: f64,
    /// Sorted.
    latencies: Vec<u64>,
    pub(crate) cpu_per_request: Option<Duration>,
    pub(crate) memory: Option<Memory>,
}

impl Figures {
    pub(crate) fn percentile(&self, percent: f64) -> Duration {
        let rank = (self.latencies.len() as f64 * percent / 100.0).ceil() as usize;
        Duration::from_nanos(self.latencies.get(rank.saturating_sub(1)).copied().unwrap_or_default())
    }
}

/// The receiver's requests/s as a share of the bare handler's, over the pairs of rounds.
pub(crate) struct Ratio {
    pub(crate) median: f64,
    pub(crate) lowest: f64,
    pub(crate) highest: f64,
}

pub(crate) fn measure(row: &Row, options: &Options) -> Result<Measurement> {
    let mut source = Source::new(row.events, &row.secret())?;
    let beside = Store::make(row.setup.inbox.filter(|_| row.setup.page), "beside")?;
    let bare = if row.setup.page { row.receiver(&options.receiver, &beside) } else { row.bare()? };
    let mut bare = Contestant::start(row, &bare, 1, "bare", &mut source)?;
    let store = Store::make(row.setup.inbox, "own")?;
    let receiver = if options.self_check { row.bare()? } else { row.receiver(&options.receiver, &store) };
    let mut receiver = Contestant::start(row, &receiver, row.setup.receivers(), "receiver", &mut source)?;
    if row.setup.inbox.is_some() && !options.self_check {
        receiver.keeps()?;
        if row.setup.page {
            bare.keeps()?;
        }
    }
    let page = match receiver.servers.first().and_then(|server| server.admin).filter(|_| row.setup.page) {
        Some(admin) => Some(OpenPage::open(admin)?),
        None => None,
    };

    let brokers = store.cpu_time();
    let requests = (bare.warm_rate.max(receiver.warm_rate) * options.round.as_secs_f64()) as usize;
    let requests = requests.clamp(10 * row.connections, MOST_REQUESTS);
    let mut pair = [bare, receiver];
    let mut foreign = Vec::new();
    for round in 0..options.rounds {
        let batch = source.take(requests)?;
        // A, B, B, A: whoever comes second profits from whatever the first one left in the caches.
        let turns = if round.is_multiple_of(2) { [0, 1] } else { [1, 0] };
        for turn in turns {
            let watch = Watch::start(&pair);
            pair[turn].round(&batch)?;
            foreign.extend(watch.and_then(|watch| watch.foreign_share(&pair)));
        }
    }
    let [bare, receiver] = pair;
    if page.is_some_and(|page| page.bytes() == 0) {
        return Err("the live page was sent nothing".into());
    }
    let log_lines = receiver.log_lines_per_request();
    let inbox = receiver.inbox_figures()?;
    let kept: usize = receiver.rounds.iter().map(|round| round.latencies.len()).sum();
    let broker_cpu = store.cpu_time().zip(brokers).map(|(now, warm)| now.saturating_sub(warm).div_f64(kept as f64));
    Ok(Measurement {
        inbox,
        broker_cpu,
        ratio: ratio(&bare.rounds, &receiver.rounds),
        disturbed: (!foreign.is_empty()).then(|| foreign.iter().sum::<f64>() / foreign.len() as f64),
        bare: bare.figures(),
        receiver: receiver.figures(),
        log_lines,
    })
}

/// A server with its load, or several that share it.
struct Contestant {
    name: &'static str,
    servers: Vec<Server>,
    load: Load,
    warm_rate: f64,
    sent: usize,
    cpu_when_warm: Option<Duration>,
    rounds: Vec<Round>,
    keeping: Option<Keeping>,
    /// Between two looks at what is handled. Each asks several receivers for the figures of all.
    pause: Duration,
}

/// What a server that keeps events did so far.
#[derive(Default)]
struct Keeping {
    /// What was there before the first round.
    commits: u64,
    admitted: u64,
    handled: u64,
    /// Each round's time until everything was handled.
    drained: Vec<(usize, Duration)>,
}

impl Contestant {
    fn start(
        row: &Row,
        command: &std::process::Command,
        number: usize,
        name: &'static str,
        source: &mut Source,
    ) -> Result<Self> {
        let start = |index: usize| Server::start(command, &format!("{name}-{index}"));
        let servers = (0..number).map(start).collect::<Result<Vec<_>>>()?;
        let addresses: Vec<_> = servers.iter().map(|server| server.address).collect();
        let load = Load::connect(&addresses, row.connections, row.events.accepted)?;
        let mut contestant = Self {
            name,
            servers,
            load,
            warm_rate: 0.0,
            sent: 0,
            cpu_when_warm: None,
            rounds: Vec::new(),
            keeping: None,
            pause: Duration::from_millis(if number > 1 { 20 } else { 1 }),
        };
        let start = Instant::now();
        while start.elapsed() < WARM_UP.0 {
            contestant.round(&source.take(WARM_UP.1)?)?;
        }
        contestant.warm_rate = contestant.rounds.iter().map(Round::rate).fold(0.0, f64::max);
        contestant.rounds.clear();
        contestant.cpu_when_warm = contestant.cpu_time();
        Ok(contestant)
    }

    /// From now on, a round ends when everything that it brought is handled.
    fn keeps(&mut self) -> Result<()> {
        let handled = self.handled_at_least(self.sent as u64)?;
        let (commits, admitted) = (self.metric(COMMITS)?, self.metric(ADMITTED)?);
        self.keeping = Some(Keeping { commits, admitted, handled, drained: Vec::new() });
        Ok(())
    }

    /// A figure that the servers show, all together.
    fn metric(&self, name: &str) -> Result<u64> {
        self.servers.iter().map(|server| server.metric(name)).sum()
    }

    fn cpu_time(&self) -> Option<Duration> {
        self.servers.iter().map(Server::cpu_time).sum()
    }

    fn memory(&self) -> Option<Memory> {
        let all = self.servers.iter().map(Server::memory).collect::<Option<Vec<_>>>()?;
        let (now, peak) = (all.iter().map(|memory| memory.now).sum(), all.iter().map(|memory| memory.peak).sum());
        Some(Memory { now, peak })
    }

    fn last_log_lines(&self) -> String {
        self.servers.iter().map(Server::last_log_lines).collect::<Vec<_>>().join("\n")
    }

    /// Waits until so many events are handled, and says how many that were.
    fn handled_at_least(&self, wanted: u64) -> Result<u64> {
        let start = Instant::now();
        loop {
            let handled = self.metric(HANDLED)?;
            if handled >= wanted {
                return Ok(handled);
            }
            if start.elapsed() > DRAIN {
                return Err(format!("{handled} of {wanted} events are handled after {DRAIN:?}").into());
            }
            std::thread::sleep(self.pause);
        }
    }

    fn inbox_figures(&self) -> Result<Option<InboxFigures>> {
        let Some(keeping) = &self.keeping else { return Ok(None) };
        let commits = (self.metric(COMMITS)? - keeping.commits) as f64;
        let admitted = (self.metric(ADMITTED)? - keeping.admitted) as f64;
        let sending: f64 = self.rounds.iter().map(|round| round.elapsed.as_secs_f64()).sum();
        let rates = keeping.drained.iter().map(|(events, time)| *events as f64 / time.as_secs_f64());
        Ok(Some(InboxFigures {
            commits: (commits > 0.0).then(|| (commits / sending, admitted / commits)),
            handled_rate: median(rates.collect()),
        }))
    }

    fn round(&mut self, requests: &crate::events::Requests) -> Result<()> {
        let start = Instant::now();
        let round = self
            .load
            .round(requests)
            .map_err(|error| format!("{}: {error}\nThe end of its log:\n{}", self.name, self.last_log_lines()))?;
        self.sent += requests.len();
        self.rounds.push(round);
        if let Some(wanted) = self.keeping.as_ref().map(|keeping| keeping.handled + requests.len() as u64) {
            let handled = self.handled_at_least(wanted)?;
            if let Some(keeping) = &mut self.keeping {
                keeping.handled = handled;
                keeping.drained.push((requests.len(), start.elapsed()));
            }
        }
        Ok(())
    }

    fn log_lines_per_request(&self) -> f64 {
        let lines = |server: &Server| {
            let log = std::fs::read(&server.log).unwrap_or_default();
            log.iter().filter(|byte| **byte == b'\n').count()
        };
        self.servers.iter().map(lines).sum::<usize>() as f64 / self.sent as f64
    }

    fn figures(self) -> Figures {
        let cpu_time = self.cpu_time().zip(self.cpu_when_warm).map(|(now, warm)| now.saturating_sub(warm));
        let memory = self.memory();
        let rate = median(self.rounds.iter().map(Round::rate).collect());
        let mut latencies: Vec<_> = self.rounds.into_iter().flat_map(|round| round.latencies).collect();
        latencies.sort_unstable();
        let requests = latencies.len();
        let cpu_per_request = cpu_time.map(|time| time.div_f64(requests as f64));
        Figures { requests, rate, latencies, cpu_per_request, memory }
    }
}

impl Round {
    fn rate(&self) -> f64 {
        self.latencies.len() as f64 / self.elapsed.as_secs_f64()
    }
}

fn ratio(bare: &[Round], receiver: &[Round]) -> Ratio {
    let pairs: Vec<_> = bare.iter().zip(receiver).map(|(bare, receiver)| receiver.rate() / bare.rate()).collect();
    Ratio {
        lowest: pairs.iter().copied().fold(f64::INFINITY, f64::min),
        highest: pairs.iter().copied().fold(0.0, f64::max),
        median: median(pairs),
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (values.get(middle), middle.checked_sub(1).and_then(|below| values.get(below))) {
        (Some(high), Some(low)) if values.len().is_multiple_of(2) => (low + high) / 2.0,
        (Some(value), _) => *value,
        (None, _) => f64::NAN,
    }
}

/// Finds out whether others used the machine during a round.
struct Watch {
    start: Instant,
    busy: Duration,
    ours: Duration,
}

impl Watch {
    fn start(pair: &[Contestant; 2]) -> Option<Self> {
        Some(Self { start: Instant::now(), busy: machine::busy_time()?, ours: our_time(pair)? })
    }

    fn foreign_share(&self, pair: &[Contestant; 2]) -> Option<f64> {
        let capacity = self.start.elapsed().as_secs_f64() * std::thread::available_parallelism().ok()?.get() as f64;
        let busy = machine::busy_time()?.saturating_sub(self.busy).as_secs_f64();
        let ours = our_time(pair)?.saturating_sub(self.ours).as_secs_f64();
        Some((busy - ours) / capacity)
    }
}

fn our_time(pair: &[Contestant; 2]) -> Option<Duration> {
    Some(cpu_time("self")? + pair[0].cpu_time()? + pair[1].cpu_time()?)
}
