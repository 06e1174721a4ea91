//! What a change does to the receiver that runs today, from worst to least.

use std::fmt;
use std::str::FromStr;

/// A class of changes. The worst one comes first, and is the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Who is believed, and which event is taken for which, is decided in another way.
    Security,
    /// Deliveries are refused or misread until a receiver built from the new spec runs.
    Breaks,
    /// Somebody must write, change or take away code.
    Handler,
    /// Deliveries look different, and the receiver that runs today reads them rightly all the same.
    Tolerated,
    /// Text for people.
    Docs,
}

impl Class {
    /// Every class, the worst first.
    pub const ALL: &[Self] = &[Self::Security, Self::Breaks, Self::Handler, Self::Tolerated, Self::Docs];

    /// The name that `--fail-on` and the formats use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Security => "security",
            Self::Breaks => "breaks",
            Self::Handler => "handler",
            Self::Tolerated => "tolerated",
            Self::Docs => "docs",
        }
    }

    /// What all changes of this class have in common, for a headline.
    pub fn headline(self) -> &'static str {
        match self {
            Self::Security => "Who is believed changes",
            Self::Breaks => "Today's receiver refuses or misreads deliveries",
            Self::Handler => "Somebody must write code",
            Self::Tolerated => "Today's receiver copes",
            Self::Docs => "Text alone",
        }
    }

    /// Whether to merge when this is the worst class found, and what to do: the first line of a report.
    pub fn verdict(self) -> &'static str {
        match self {
            Self::Security => {
                "Not safe to merge before somebody has held the security findings against the provider's own words: \
                 they decide which deliveries are believed."
            }
            Self::Breaks => {
                "Not safe to merge on its own: deploy a receiver built from this spec before the provider sends by it, \
                 for today's receiver refuses or misreads such deliveries."
            }
            Self::Handler => {
                "Safe to merge together with code: write what the findings name; until it is deployed, today's receiver \
                 parks or refuses what is new and reads the rest as before."
            }
            Self::Tolerated => "Safe to merge: today's receiver reads every delivery of the new spec rightly.",
            Self::Docs => "Safe to merge: nothing but text changes.",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A word that names no class.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no class; known: security, breaks, handler, tolerated, docs")]
pub struct UnknownClass(String);

impl FromStr for Class {
    type Err = UnknownClass;

    fn from_str(text: &str) -> Result<Self, UnknownClass> {
        Self::ALL.iter().copied().find(|class| class.name() == text).ok_or_else(|| UnknownClass(text.to_owned()))
    }
}
