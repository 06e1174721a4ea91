//! Whether a file holds together: nothing lost, nothing there twice, nothing in two states. The file is only read, in
//! one moment, so this may be asked beside a receiver that writes it.

mod identities;

use std::fmt;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode};

use super::apply::Counters;
use super::schema::SchemaError;
use super::{reader, rows, seen, view};
use crate::inbox::{EventId, State};
use identities::Identities;

/// What was found in a file.
#[derive(Debug)]
pub struct Verdict {
    /// How many events there are.
    pub events: u64,
    /// How many of them are in each state; what was leased is pending or retrying in the file.
    pub states: Vec<(State, u64)>,
    /// Every check, in the order in which they were made.
    pub checks: Vec<Check>,
}

/// One thing that must hold.
#[derive(Debug)]
pub struct Check {
    /// A stable word for it.
    pub name: &'static str,
    /// What must hold, as a sentence.
    pub must: &'static str,
    /// How often it does not.
    pub wrong: u64,
    /// The first few of what is wrong.
    pub examples: Vec<String>,
}

/// Why a file cannot be checked.
#[derive(Debug)]
pub struct Unreadable(String);

/// How many examples a check keeps.
const EXAMPLES: usize = 5;

/// What must hold for the rows, and a query for the events for which it does not.
const RULES: [(&str, &str, &str); 8] = [
    (
        "open-events",
        "everything that is not done is an event",
        "SELECT event FROM open WHERE NOT EXISTS (SELECT 1 FROM event WHERE id = event)",
    ),
    (
        "open-bodies",
        "every event that is not done has its body",
        "SELECT event FROM open WHERE NOT EXISTS (SELECT 1 FROM content WHERE content.event = open.event)",
    ),
    (
        "open-states",
        "every event that is not done is in a state that there is",
        "SELECT event FROM open WHERE state NOT BETWEEN 0 AND 3",
    ),
    (
        "open-attempts",
        "every event that is not done counts its attempts and names its provider as the rest of the file does",
        "SELECT o.event FROM open o JOIN event e ON e.id = o.event
         WHERE o.provider != e.provider OR o.tries > o.attempts
            OR o.attempts != coalesce((SELECT max(number) FROM attempt a WHERE a.event = o.event), 0)",
    ),
    (
        "done",
        "every event that is done has an attempt that ended so",
        "SELECT id FROM event WHERE NOT EXISTS (SELECT 1 FROM open WHERE open.event = id)
            AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.event = id AND ending = 0)",
    ),
    (
        "attempts",
        "attempts are numbered 1, 2, 3 and so on, each once",
        "SELECT event FROM attempt GROUP BY event HAVING min(number) != 1 OR max(number) != count(*)",
    ),
    (
        "attempts-of-events",
        "every attempt is one of an event",
        "SELECT DISTINCT event FROM attempt WHERE NOT EXISTS (SELECT 1 FROM event WHERE id = event)",
    ),
    (
        "bodies-of-events",
        "every body is one of an event",
        "SELECT event FROM content WHERE NOT EXISTS (SELECT 1 FROM event WHERE id = event)",
    ),
];

/// Checks the file at `path`. Two equal events count as one that was kept twice if they came within `window`.
///
/// # Errors
///
/// [`Unreadable`]: the file is not there, or not an inbox that this program knows.
pub fn verify(path: &Path, window: Duration) -> Result<Verdict, Unreadable> {
    let unreadable = |what: &dyn fmt::Display| Unreadable(format!("{} cannot be checked: {what}", path.display()));
    if !path.exists() {
        return Err(unreadable(&"there is no such file"));
    }
    let mut verdict = Verdict { events: 0, states: Vec::new(), checks: Vec::new() };
    let checked = match view::open(path) {
        Ok(connection) => verdict.look(&connection, window),
        Err(SchemaError::Sqlite(error)) => Err(error),
        Err(error) => return Err(unreadable(&error)),
    };
    match checked {
        Err(error) if is_broken(&error) => {
            verdict.checks.push(Check { wrong: 1, examples: vec![error.to_string()], ..database() });
            Ok(verdict)
        }
        Err(error) => Err(unreadable(&view::reason(&error, path))),
        Ok(()) => Ok(verdict),
    }
}

impl Verdict {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.checks.iter().all(|check| check.wrong == 0)
    }

    fn look(&mut self, connection: &Connection, window: Duration) -> rusqlite::Result<()> {
        // All that follows sees one moment.
        let transaction = connection.unchecked_transaction()?;
        let database = self.add(database());
        let mut find = transaction.prepare("PRAGMA integrity_check(20)")?;
        let mut lines = find.query([])?;
        while let Some(line) = lines.next()? {
            let line: String = line.get(0)?;
            if line != "ok" {
                database.found(line);
            }
        }
        for (name, must, sql) in RULES {
            let check = self.add(Check::new(name, must));
            let mut find = transaction.prepare(sql)?;
            let mut wrong = find.query([])?;
            while let Some(row) = wrong.next()? {
                check.found(format!("event {}", row.get::<_, u64>(0)?));
            }
        }
        self.look_at_keys(&transaction)?;
        let identities = Identities::read(&transaction)?;
        self.events = identities.count();
        identities.check_segments(
            &transaction,
            self.add(Check::new(
                "identities",
                "the index of identities has every event of the segments that are full, and no other",
            )),
        )?;
        self.look_at_counters(&transaction, identities.last())?;
        let doubles = self.add(Check::new("doubles", "no event is kept twice"));
        identities.check_doubles(&transaction, window, doubles)?;
        let ([pending, retrying, dead, parked], _) = reader::open(&transaction)?;
        let done = self.events.saturating_sub(pending + retrying + dead + parked);
        self.states = vec![
            (State::Pending, pending),
            (State::Retrying, retrying),
            (State::Done, done),
            (State::Dead, dead),
            (State::Parked, parked),
        ];
        Ok(())
    }

    /// The numbers that stand for ordering keys.
    fn look_at_keys(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let check =
            self.add(Check::new("ordering", "every event that is not done waits in the line of its ordering key"));
        let mut find = connection
            .prepare("SELECT e.id, e.provider, e.ordering_key, o.key FROM open o JOIN event e ON e.id = o.event")?;
        let mut found = find.query([])?;
        while let Some(row) = found.next()? {
            let provider = row.get_ref(1)?.as_str()?;
            let key = row.get_ref(2)?.as_str_or_null()?.map(|key| seen::hash(provider, key));
            if key != row.get(3)? {
                check.found(format!("event {}", row.get::<_, u64>(0)?));
            }
        }
        Ok(())
    }

    fn look_at_counters(&mut self, connection: &Connection, last: Option<EventId>) -> rusqlite::Result<()> {
        let counters = Counters::load(connection)?;
        let events = self.events;
        let check = self.add(Check::new("counters", "the counters agree with the rows"));
        let Counters { last: greatest, kept, removed, .. } = counters;
        if kept.checked_sub(removed) != Some(events) {
            check.found(format!("{kept} kept and {removed} removed, but {events} there"));
        }
        if let Some(EventId(last)) = last.filter(|last| last.0 > greatest) {
            check.found(format!("the greatest id given is said to be {greatest}, but there is {last}"));
        }
        let sealed = rows::counter(connection, "sealed")?;
        if sealed > greatest / super::filter::SEGMENT {
            check.found(format!("{sealed} segments are said to be full, but only {greatest} ids were given"));
        }
        Ok(())
    }

    fn add(&mut self, check: Check) -> &mut Check {
        let place = self.checks.len();
        self.checks.push(check);
        &mut self.checks[place]
    }
}

impl Check {
    fn new(name: &'static str, must: &'static str) -> Self {
        Self { name, must, wrong: 0, examples: Vec::new() }
    }

    fn found(&mut self, what: String) {
        self.wrong += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(what);
        }
    }
}

fn database() -> Check {
    Check::new("database", "SQLite finds nothing wrong with the file")
}

fn is_broken(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
        // A value that no column of ours can have.
        || error.sqlite_error_code().is_none()
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unreadable {}

#[cfg(test)]
mod tests;
