//! What verification costs beyond the one HMAC that it cannot do without.
//!
//! `cargo bench -p receiver --bench verification` prints criterion's figures for bodies of 0.5, 4 and 64 KiB, with one
//! secret and with five of which the last matches, beside a single HMAC of the same bytes with the same library. Before
//! them stands a table of the overhead: both sides measured in turns, a few microseconds each, so that whatever else the
//! machine does hits them alike.

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput};
use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use receiver::secrets::Secret;
use receiver::signature::{Signer, Verifier};
use sha2::{Sha256, Sha512};
use webhook_api::contract::{Algorithm, SignatureScheme};
use webhook_api::schemes::GRIDX_SIGNATURE;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// gridX's scheme, and the same with the hash of most other providers.
const SCHEMES: [SignatureScheme; 2] = [
    GRIDX_SIGNATURE,
    SignatureScheme { name: "sha256", algorithm: Algorithm::HmacSha256, prefix: "sha256=", ..GRIDX_SIGNATURE },
];
const SECRETS: [&str; 5] = ["first secret", "second secret", "third secret", "fourth secret", "fifth secret"];
const SIZES: [usize; 3] = [512, 4 << 10, 64 << 10];

/// One body, signed with the last secret.
struct Case {
    body: Vec<u8>,
    headers: HeaderMap,
    one: Verifier,
    five: Verifier,
    bare: Bare,
}

/// A single HMAC, keyed beforehand.
enum Bare {
    Sha256(Hmac<Sha256>),
    Sha512(Hmac<Sha512>),
}

impl Case {
    fn new(scheme: &'static SignatureScheme, size: usize) -> Result<Self> {
        let body: Vec<u8> = (b' '..=b'~').cycle().take(size).collect();
        let secrets = SECRETS.map(Secret::new);
        let last = &secrets[SECRETS.len() - 1..];
        let headers = Signer::new(scheme, last)?.sign(&HeaderMap::new(), &body, 0)?.into_iter().collect();
        let (one, five) = (Verifier::new(scheme, last)?, Verifier::new(scheme, &secrets)?);
        let key = SECRETS[SECRETS.len() - 1].as_bytes();
        let bare = match scheme.algorithm {
            Algorithm::HmacSha512 => Bare::Sha512(Hmac::new_from_slice(key)?),
            _ => Bare::Sha256(Hmac::new_from_slice(key)?),
        };
        let case = Self { body, headers, one, five, bare };
        if case.one.verify(&case.headers, &case.body, 0)?.slot != 1
            || case.five.verify(&case.headers, &case.body, 0)?.slot != 5
        {
            return Err("the wrong secret matched".into());
        }
        Ok(case)
    }

    fn hmac(&self) {
        match &self.bare {
            Bare::Sha256(key) => drop(black_box(key.clone().chain_update(black_box(&self.body)).finalize())),
            Bare::Sha512(key) => drop(black_box(key.clone().chain_update(black_box(&self.body)).finalize())),
        }
    }

    fn verify(&self, verifier: &Verifier) {
        let verified = verifier.verify(black_box(&self.headers), black_box(&self.body), 0);
        black_box(verified.is_ok());
    }
}

fn main() -> Result<()> {
    if !std::env::args().any(|argument| argument == "--test") {
        overhead()?;
    }
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    for scheme in &SCHEMES {
        throughput(&mut criterion, scheme)?;
    }
    criterion.final_summary();
    Ok(())
}

fn throughput(criterion: &mut Criterion, scheme: &'static SignatureScheme) -> Result<()> {
    let mut group = criterion.benchmark_group(format!("{:?}", scheme.algorithm));
    for size in SIZES {
        let case = Case::new(scheme, size)?;
        group.throughput(Throughput::Bytes(size as u64));
        group.bench_function(BenchmarkId::new("hmac", size), |bencher| bencher.iter(|| case.hmac()));
        group.bench_function(BenchmarkId::new("one secret", size), |bencher| bencher.iter(|| case.verify(&case.one)));
        group
            .bench_function(BenchmarkId::new("five secrets", size), |bencher| bencher.iter(|| case.verify(&case.five)));
    }
    group.finish();
    Ok(())
}

/// Prints, for every case, the median times and what verification adds to the HMACs that it needs.
fn overhead() -> Result<()> {
    println!("algorithm     bytes     one HMAC   one secret             five secrets");
    for scheme in &SCHEMES {
        for size in SIZES {
            let case = Case::new(scheme, size)?;
            let [hmac, one, five] = medians([&|| case.hmac(), &|| case.verify(&case.one), &|| case.verify(&case.five)]);
            let more = |time: f64, hmacs: f64| (time / (hmac * hmacs) - 1.0) * 100.0;
            println!(
                "{:<10} {size:>8} {hmac:>9.0} ns {one:>9.0} ns {:>+6.1} % {five:>9.0} ns {:>+6.1} %",
                format!("{:?}", scheme.algorithm),
                more(one, 1.0),
                more(five, SECRETS.len() as f64),
            );
        }
    }
    println!("The percentages compare with one HMAC a secret.\n");
    Ok(())
}

/// The median time of each of three functions in nanoseconds, run in turns.
fn medians(functions: [&dyn Fn(); 3]) -> [f64; 3] {
    const ROUNDS: usize = 3001;
    const REPEATS: u32 = 8;
    let mut times = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        for (function, times) in functions.iter().zip(&mut times) {
            let start = Instant::now();
            for _ in 0..REPEATS {
                function();
            }
            times.push(start.elapsed() / REPEATS);
        }
    }
    times.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64() * 1e9
    })
}
