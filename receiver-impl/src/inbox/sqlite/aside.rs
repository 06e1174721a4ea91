//! Files that are broken, gone, or somebody else's: what is put aside, what is written anew, and what is left alone.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rusqlite::Connection;

use super::file::{RESCUED, beside, make_folder, sync_folder};
use super::schema::APPLICATION;

/// How every database of SQLite begins, and where it says whose it is.
const HEAD: (&[u8], usize) = (b"SQLite format 3\0", 68);
/// How every log of SQLite begins, but for the last bit.
const LOG_HEAD: [u8; 4] = [0x37, 0x7f, 0x06, 0x82];

/// Whether a file that is no sound database may have been an inbox, so that it may be put aside. Of anybody else's files
/// nothing is renamed, only because its name was given by mistake.
///
/// What a machine leaves that lost its power while the file was made or written is: a head that names this program; a
/// log beside the file; or nothing but zeros, which is nothing that anybody misses.
pub(super) fn may_be_ours(path: &Path) -> bool {
    let log = File::open(beside(path, "-wal")).and_then(|mut log| {
        let mut head = [0; 4];
        log.read_exact(&mut head).map(|()| head)
    });
    if log.is_ok_and(|[a, b, c, d]| [a, b, c, d & 0xfe] == LOG_HEAD) {
        return true;
    }
    let (begin, place) = HEAD;
    let mut head = Vec::new();
    let Ok(mut file) = File::open(path) else { return false };
    if file.by_ref().take(100).read_to_end(&mut head).is_err() {
        return false;
    }
    let named = head.get(place..place + 4) == Some(&APPLICATION.to_be_bytes());
    (head.starts_with(begin) && named) || (head.iter().all(|byte| *byte == 0) && is_zero(file))
}

fn is_zero(mut file: File) -> bool {
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return true,
            Ok(read) if buffer[..read].iter().all(|byte| *byte == 0) => {}
            _ => return false,
        }
    }
}

/// Puts a file aside, with its log, and says where it is now.
pub(super) fn put_aside(path: &Path, why: &str, now: SystemTime) -> io::Result<PathBuf> {
    let seconds = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let aside = (0..)
        .map(|n| beside(path, &if n == 0 { format!(".{why}-{seconds}") } else { format!(".{why}-{seconds}-{n}") }))
        .find(|aside| !aside.exists());
    let aside = aside.unwrap_or_else(|| beside(path, why));
    // The log first: without its file it is nothing that SQLite would look at.
    for suffix in ["-wal", "-shm"] {
        match std::fs::rename(beside(path, suffix), beside(&aside, suffix)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    std::fs::rename(path, &aside)?;
    sync_folder(path)?;
    Ok(aside)
}

/// Writes all that an open connection still sees to `path`, where its file stood before somebody took it away. What
/// stands there now is put aside; where, if there is something.
pub(super) fn rescue(connection: &Connection, path: &Path, now: SystemTime) -> Result<Option<PathBuf>, String> {
    make_folder(path).map_err(|error| error.to_string())?;
    let new = beside(path, RESCUED);
    remove(&new)?;
    // SQLite takes an empty file for none, and leaves its permissions.
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new);
    made.map_err(|error| format!("{}: {error}", new.display()))?;
    let Some(text) = new.to_str() else { return Err(format!("{} is not UTF-8", new.display())) };
    connection.execute("VACUUM INTO ?1", [text]).map_err(|error| error.to_string())?;
    File::open(&new).and_then(|file| file.sync_all()).map_err(|error| error.to_string())?;
    let aside = match path.exists() {
        true => Some(put_aside(path, "replaced", now).map_err(|error| error.to_string())?),
        false => None,
    };
    // A log of the old file must not be taken for one of the new.
    remove(&beside(path, "-wal"))?;
    remove(&beside(path, "-shm"))?;
    std::fs::rename(&new, path).and_then(|()| sync_folder(path)).map_err(|error| error.to_string())?;
    Ok(aside)
}

fn remove(path: &Path) -> Result<(), String> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(format!("{}: {error}", path.display())),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Folder;

    /// Whether a file with this content may be ours, with this log beside it.
    fn verdict(content: &[u8], log: Option<&[u8]>) -> bool {
        let folder = Folder::new();
        let path = folder.join("inbox.db");
        std::fs::write(&path, content).unwrap();
        log.into_iter().for_each(|log| std::fs::write(beside(&path, "-wal"), log).unwrap());
        may_be_ours(&path)
    }

    #[test]
    fn tells_what_a_crash_left_of_an_inbox_from_somebodys_file() {
        let mut head = [0; 4096];
        head[..16].copy_from_slice(b"SQLite format 3\0");
        assert!(!verdict(&head, None), "a database of another program");
        head[68..72].copy_from_slice(b"whib");
        assert!(verdict(&head, None));
        assert!(verdict(&[0; 200_000], None) && verdict(b"", None), "zeros");
        let mut image = vec![0; 200_000];
        image[150_000] = 1;
        assert!(!verdict(&image, None), "a disk image begins with zeros");
        assert!(!verdict(b"my notes", None) && !verdict(b"my notes", Some(b"my other notes")));
        assert!(verdict(b"half a page", Some(b"\x37\x7f\x06\x83 and so on")));
    }
}
