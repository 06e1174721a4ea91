//! How each store is opened.

mod memory;
mod nats;
mod sqlite;

/// Runs the whole suite over a store.
macro_rules! conformance {
    ($store:ty) => {
        crate::suite::each_test!(crate::stores::tests, $store);
    };
}

/// One test of the suite for each of its functions.
macro_rules! tests {
    ($store:ty: $($of:ident: [$($name:ident),* $(,)?])*) => {
        $(
            mod $of {
                use super::*;

                $(
                    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                    async fn $name() {
                        crate::suite::$of::$name::<$store>().await;
                    }
                )*
            }
        )*
    };
}

pub(crate) use {conformance, tests};
