//! Why an inbox does not do what it is asked. The provider sees none of this: it is told to send again.

use std::fmt;

/// Why an inbox did nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InboxError {
    /// As many admissions as may wait are waiting.
    Full,
    /// The store cannot be used for the moment; what is wrong, and what to do about it.
    Unavailable(String),
    /// The inbox was closed.
    Closed,
}

/// Why a settlement did not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettleError {
    /// The lease was over, or the event was changed by somebody else meanwhile. Another worker may have the event.
    LeaseLost,
    /// The inbox did nothing.
    Inbox(InboxError),
}

impl InboxError {
    /// A stable word for metrics and logs.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Full => "inbox_full",
            Self::Unavailable(_) => "inbox_unavailable",
            Self::Closed => "inbox_closed",
        }
    }
}

impl fmt::Display for InboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("as many events as `inbox-queue` allows are waiting to be kept"),
            Self::Unavailable(what) => f.write_str(what),
            Self::Closed => f.write_str("the inbox is closed"),
        }
    }
}

impl fmt::Display for SettleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LeaseLost => f.write_str("the lease was over before the event was settled; it may be handled again"),
            Self::Inbox(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for InboxError {}
impl std::error::Error for SettleError {}

impl From<InboxError> for SettleError {
    fn from(error: InboxError) -> Self {
        Self::Inbox(error)
    }
}
