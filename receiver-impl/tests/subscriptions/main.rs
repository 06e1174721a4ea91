//! `receiver subscriptions`, the real binary: against Prism, which serves the APIs' descriptions and refuses each request
//! that does not fit them, and against stand-ins with state, which call the real receiver back as the providers do.

#[cfg(test)]
#[path = "../black_box/common/mod.rs"]
#[allow(dead_code, unused_imports)] // What the black-box tests need besides.
mod common;

#[cfg(test)]
mod authentication;
#[cfg(test)]
mod described;
#[cfg(test)]
mod dry_run;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod failed_step;
#[cfg(test)]
mod options;
#[cfg(test)]
mod paging;
#[cfg(test)]
mod prism;
#[cfg(test)]
mod provider;
#[cfg(test)]
mod rotate;
#[cfg(test)]
mod setup;
#[cfg(test)]
mod stand_in;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod tool;
#[cfg(test)]
mod tunnel;
#[cfg(test)]
mod whole_way;
