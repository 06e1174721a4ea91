//! The inbox in memory.

use receiver::inbox::Memory;

use super::conformance;
use crate::rig::{RETENTION, Store};

struct InMemory;

impl Store for InMemory {
    type Inbox = Memory;

    const DURABLE: bool = false;

    fn new() -> Self {
        Self
    }

    async fn open(&self) -> Memory {
        Memory::new(RETENTION)
    }
}

conformance!(InMemory);
