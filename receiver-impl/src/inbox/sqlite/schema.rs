//! The tables, their version, and the way from an older version to this one.
//!
//! What is written for each event is only ever appended, apart from `open`, which has a row for each event that is not
//! done and so stays small. That lets the price of an admission rise only slowly with the events: no index grows
//! in random places. How copies are found without one is the affair of [`seen`](super::seen).

use std::fmt;

use rusqlite::{Connection, TransactionBehavior};

/// Says in the file's head that it is an inbox: "whib".
pub(super) const APPLICATION: i32 = 0x7768_6962;

/// The steps from one version to the next; the number of steps is the version.
pub(super) const STEPS: &[&str] = &[
    // 1
    "CREATE TABLE event (
        id           INTEGER PRIMARY KEY,
        provider     TEXT NOT NULL,
        endpoint     TEXT NOT NULL,
        type         TEXT,
        identity     TEXT NOT NULL,
        digest       INTEGER NOT NULL, -- whether the identity is one
        ordering_key TEXT,
        received_at  INTEGER NOT NULL, -- like all times here: microseconds since 1970
        matched      TEXT NOT NULL     -- JSON: which schemes verified it, by which key
    );
    CREATE TABLE content (
        event   INTEGER PRIMARY KEY,
        headers BLOB NOT NULL, -- a line each, as HTTP writes them
        body    BLOB NOT NULL
    );
    -- Every event that is not done.
    CREATE TABLE open (
        event    INTEGER PRIMARY KEY,
        provider TEXT NOT NULL,
        state    INTEGER NOT NULL, -- 0 pending, 1 retrying, 2 dead, 3 parked
        tries    INTEGER NOT NULL, -- since it was admitted or replayed
        attempts INTEGER NOT NULL, -- at all
        due      INTEGER,
        key      INTEGER           -- stands for provider and ordering key
    );
    CREATE INDEX open_by_state ON open (state, event) WHERE state > 0;
    CREATE TABLE attempt (
        event    INTEGER NOT NULL,
        number   INTEGER NOT NULL,
        ended_at INTEGER NOT NULL,
        ending   INTEGER NOT NULL, -- 0 done, 1 failed, 2 dead, 3 parked
        error    TEXT,
        PRIMARY KEY (event, number)
    ) WITHOUT ROWID;
    -- The identities of whole segments of events, written once a segment is full.
    CREATE TABLE identity (
        segment INTEGER NOT NULL,
        hash    INTEGER NOT NULL,
        event   INTEGER NOT NULL,
        PRIMARY KEY (segment, hash, event)
    ) WITHOUT ROWID;
    CREATE TABLE counter (
        name  TEXT PRIMARY KEY,
        value INTEGER NOT NULL
    ) WITHOUT ROWID;
    INSERT INTO counter VALUES ('last', 0), ('kept', 0), ('removed', 0), ('duplicates', 0), ('sealed', 0);",
    // 2: what waits for its next attempt, by the time of that
    "CREATE INDEX open_by_due ON open (provider, due) WHERE state = 1;",
];

/// Why a file cannot be made an inbox of this version.
#[derive(Debug)]
pub(super) enum SchemaError {
    /// It was written by a newer receiver.
    Newer { found: i64 },
    /// It is a database of something else.
    Foreign,
    /// It is no database, and never was an inbox.
    NoDatabase,
    /// SQLite says no.
    Sqlite(rusqlite::Error),
}

/// Brings a file to the version that these `steps` end with. Each step is done whole or not at all.
pub(super) fn migrate(connection: &mut Connection, steps: &[&str]) -> Result<(), SchemaError> {
    refuse_foreign(connection)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let number = |pragma| transaction.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let version = number("user_version")?;
    let done = usize::try_from(version).unwrap_or(usize::MAX);
    let missing = steps.get(done..).ok_or(SchemaError::Newer { found: version })?;
    for step in missing {
        transaction.execute_batch(step)?;
    }
    if !missing.is_empty() {
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", i64::try_from(steps.len()).unwrap_or(i64::MAX))?;
    }
    Ok(transaction.commit()?)
}

/// Refuses what is a database of something else. Changes nothing.
pub(super) fn refuse_foreign(connection: &Connection) -> Result<(), SchemaError> {
    let application: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables > 0 && application != i64::from(APPLICATION) { Err(SchemaError::Foreign) } else { Ok(()) }
}

/// Whether a file has this version; what else it is, if not. Changes nothing.
pub(super) fn check(connection: &Connection) -> Result<(), SchemaError> {
    let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let (version, application) = (number("user_version")?, number("application_id")?);
    if application != i64::from(APPLICATION) {
        return Err(SchemaError::Foreign);
    }
    if usize::try_from(version).is_ok_and(|version| version <= STEPS.len()) {
        Ok(())
    } else {
        Err(SchemaError::Newer { found: version })
    }
}

impl From<rusqlite::Error> for SchemaError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newer { found } => write!(
                f,
                "it was written by a newer receiver (version {found} of the tables, this one knows {}); start that \
                 receiver, or name another file",
                STEPS.len()
            ),
            Self::NoDatabase => {
                f.write_str("it is no database, and is left as it is; name another file, or move it away")
            }
            Self::Foreign => f.write_str("it is a database of another program; name another file"),
            Self::Sqlite(error) => error.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(connection: &Connection) -> i64 {
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    }

    #[test]
    fn makes_the_tables_once() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, STEPS).unwrap();
        migrate(&mut connection, STEPS).unwrap();
        assert_eq!(version(&connection), i64::try_from(STEPS.len()).unwrap());
        check(&connection).unwrap();
    }

    #[test]
    fn an_older_file_keeps_its_rows_and_gets_the_missing_steps() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &["CREATE TABLE a (x)"]).unwrap();
        connection.execute("INSERT INTO a VALUES (7)", []).unwrap();
        migrate(&mut connection, &["CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y DEFAULT 8"]).unwrap();
        let row = connection.query_row("SELECT x, y FROM a", [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        assert_eq!((row, version(&connection)), ((7, 8), 2));
    }

    /// As the first release left them; what is behind the steps may change, what they did may not.
    #[test]
    fn a_file_of_the_first_version_keeps_its_events() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &STEPS[..1]).unwrap();
        let old = "INSERT INTO event VALUES (1, 'gridx', 'gridxEvents', 'ping', 'one', 0, NULL, 5, '[]');
            INSERT INTO content VALUES (1, x'', x'7b7d');
            INSERT INTO open VALUES (1, 'gridx', 1, 2, 2, 9, NULL);
            INSERT INTO attempt VALUES (1, 1, 6, 1, 'no');";
        connection.execute_batch(old).unwrap();
        migrate(&mut connection, STEPS).unwrap();
        check(&connection).unwrap();
        let record = crate::inbox::sqlite::reader::show(&connection, crate::inbox::EventId(1)).unwrap().unwrap();
        assert_eq!((record.event.identity.as_str(), &record.event.body[..]), ("one", &b"{}"[..]));
        assert_eq!((record.state, record.attempts.len()), (crate::inbox::State::Retrying, 1));
    }

    #[test]
    fn a_step_that_fails_leaves_the_file_as_it_was() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &["CREATE TABLE a (x)"]).unwrap();
        let steps = ["CREATE TABLE a (x)", "CREATE TABLE b (x)", "nonsense"];
        assert!(matches!(migrate(&mut connection, &steps), Err(SchemaError::Sqlite(_))));
        assert_eq!(version(&connection), 1);
        assert!(connection.execute("INSERT INTO b VALUES (1)", []).is_err());
    }

    #[test]
    fn refuses_a_newer_file_and_a_foreign_one() {
        let mut connection = Connection::open_in_memory().unwrap();
        let steps: Vec<_> = STEPS.iter().copied().chain(["CREATE TABLE later (x)"]).collect();
        migrate(&mut connection, &steps).unwrap();
        let error = migrate(&mut connection, STEPS).unwrap_err();
        assert!(
            error.to_string().starts_with("it was written by a newer receiver (version 3 of the tables"),
            "{error}"
        );
        let mut foreign = Connection::open_in_memory().unwrap();
        foreign.execute_batch("CREATE TABLE mine (x)").unwrap();
        assert!(matches!(migrate(&mut foreign, STEPS), Err(SchemaError::Foreign)));
        assert!(matches!(check(&foreign), Err(SchemaError::Foreign)));
    }
}
